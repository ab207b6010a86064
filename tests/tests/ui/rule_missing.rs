//! The document names a function by `x-photon-validate` that is not written yet.

photon_runtime::include_api!(mod reports);

use photon_runtime::{Context, Result, Server};
use reports::{PostBooking, PostKeyword, PutOrder, ReportsApi};

mod rules {
    use photon_runtime::Violations;

    use super::reports::models::{
        BookingDay, BookingGuest, BookingOpen, BookingRange, Code, PostBookingSeats,
    };

    pub(crate) fn even(_: &PostBookingSeats, _: &mut Violations) {}
    pub(crate) fn known(_: &BookingGuest, _: &mut Violations) {}
    pub(crate) fn open(_: &BookingDay, _: &mut Violations) {}
    pub(crate) fn ordered(_: &BookingRange, _: &mut Violations) {}
    pub(crate) fn small(_: &BookingOpen, _: &mut Violations) {}
    pub(crate) fn spelt(_: &Code, _: &mut Violations) {}
}

struct Desk;

impl ReportsApi for Desk {
    fn put_order(&self, _cx: &Context, _req: PutOrder) -> Result<()> {
        Ok(())
    }

    fn post_booking(&self, _cx: &Context, _req: PostBooking) -> Result<()> {
        Ok(())
    }

    fn post_keyword(&self, _cx: &Context, _req: PostKeyword) -> Result<()> {
        Ok(())
    }
}

fn main() -> Result<()> {
    Server::new(reports::service(Desk)).run()
}
