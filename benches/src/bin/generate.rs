//! Generates one document: `generate DOCUMENT FOLDER`. A process of its own, so that its memory can be measured.

fn main() -> photon_build::Result {
    let mut arguments = std::env::args_os().skip(1);
    let (document, folder) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    // `generate` would tell cargo, which is not listening.
    photon_build::configure().out_dir(folder).run(document).map(drop)
}
