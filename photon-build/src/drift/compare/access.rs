//! Who may call, and where: security, security schemes, servers.

use std::collections::BTreeMap;

use super::{Compare, both};
use crate::drift::kinds::access as kinds;
use crate::drift::tree::Tree;

/// One way to be known: schemes with their scopes.
type Alternative<'a> = BTreeMap<&'a str, Vec<&'a str>>;

impl<'a> Compare<'a> {
    /// Who may call an operation. Where both sides leave it to the root it is compared once for all of them.
    pub(super) fn own_security(&mut self, old: &'a Tree, new: &'a Tree) {
        let key = "security";
        if old.get(key).is_none() && new.get(key).is_none() {
            if !std::mem::replace(&mut self.is_security_compared, true) {
                self.for_all(Self::root_security);
            }
            return;
        }
        let was = old.get(key).or_else(|| self.old.root.get(key));
        let is = new.get(key).or_else(|| self.new.root.get(key));
        let items = |tree: Option<&'a Tree>| tree.map_or(&[][..], Tree::items);
        self.security((was.unwrap_or(old), items(was)), (is.unwrap_or(new), items(is)));
    }

    fn root_security(&mut self) {
        let (old, new) = (self.old.root, self.new.root);
        let at = |tree: &'a Tree| tree.get("security").unwrap_or(tree);
        self.security((at(old), old.list("security")), (at(new), new.list("security")));
    }

    /// Compares what holds for more than the operation at hand.
    fn for_all(&mut self, compare: impl FnOnce(&mut Self)) {
        let operation = self.operation.take();
        compare(self);
        self.operation = operation;
    }

    fn security(&mut self, (old, was): (&'a Tree, &'a [Tree]), (new, is): (&'a Tree, &'a [Tree])) {
        let is_open = |list: &[Tree]| list.is_empty() || list.iter().any(|tree| tree.entries().is_empty());
        match (is_open(was), is_open(is)) {
            (true, false) => return self.tell(&kinds::SECURITY_ADDED, old, new, "callers must be known"),
            (false, true) => return self.tell(&kinds::SECURITY_REMOVED, old, new, "anyone may call"),
            _ => {}
        }
        let read = |list: &'a [Tree]| {
            let named = list.iter().filter(|tree| !tree.entries().is_empty());
            named.map(|tree| (tree, alternative(tree))).collect::<Vec<(&Tree, Alternative<'a>)>>()
        };
        let (mut gone, mut come) = (read(was), read(is));
        gone.retain(|(old, was)| {
            let same = come.iter().position(|(_, is)| was.keys().eq(is.keys()));
            if let Some(at) = same {
                let (new, is) = come.remove(at);
                self.scopes((old, was), (new, &is));
            }
            same.is_none()
        });
        for (tree, was) in gone {
            let is_more = |is: &Alternative<'_>| was.keys().all(|name| is.contains_key(name));
            let is_less = |is: &Alternative<'_>| is.keys().all(|name| was.contains_key(name));
            let related = come.iter().position(|(_, is)| is_more(is) || is_less(is));
            if let Some(at) = related {
                let (other, is) = come.remove(at);
                let kind = if is_more(&is) { &kinds::SECURITY_TIGHTENED } else { &kinds::SECURITY_LOOSENED };
                let message = format!("callers are known by {}; it was {}", shown(&is), shown(&was));
                self.tell(kind, tree, other, message);
            } else {
                let message = format!("callers are known by {} no longer", shown(&was));
                self.tell(&kinds::ALTERNATIVE_REMOVED, tree, new, message);
            }
        }
        for (tree, is) in come {
            let message = format!("callers may be known by {}, too", shown(&is));
            self.tell(&kinds::ALTERNATIVE_ADDED, old, tree, message);
        }
    }

    fn scopes(&mut self, (old, was): (&Tree, &Alternative<'a>), (new, is): (&Tree, &Alternative<'a>)) {
        for (scheme, scopes) in is {
            let had = was.get(scheme).map_or(&[][..], Vec::as_slice);
            for scope in scopes.iter().filter(|scope| !had.contains(scope)) {
                self.tell(&kinds::SCOPE_ADDED, old, new, format!("`{scheme}` demands the scope `{scope}`"));
            }
            for scope in had.iter().filter(|scope| !scopes.contains(scope)) {
                let message = format!("`{scheme}` demands the scope `{scope}` no longer");
                self.tell(&kinds::SCOPE_REMOVED, old, new, message);
            }
        }
    }

    /// The schemes that are declared.
    pub(super) fn schemes(&mut self, old: &'a Tree, new: &'a Tree) {
        let read = |root: &'a Tree| root.get("components").and_then(|tree| tree.get("securitySchemes"));
        let (was, is) = (read(old), read(new));
        let entries = |tree: Option<&'a Tree>| tree.map_or(&[][..], Tree::entries);
        for (name, left, right) in both(entries(was), entries(is)) {
            match (left, right) {
                (Some(left), Some(right)) => {
                    let (left, right) = (self.old.follow(left), self.new.follow(right));
                    self.scheme(name, left, right);
                }
                (None, Some(right)) => {
                    let message = format!("the security scheme `{name}` is new");
                    self.tell(&kinds::SCHEME_ADDED, was.unwrap_or(old), right, message);
                }
                (Some(left), None) => {
                    let message = format!("the security scheme `{name}` is gone");
                    self.tell(&kinds::SCHEME_REMOVED, left, is.unwrap_or(new), message);
                }
                (None, None) => {}
            }
        }
    }

    fn scheme(&mut self, name: &str, old: &'a Tree, new: &'a Tree) {
        let subject = format!("the security scheme `{name}`");
        self.words(&kinds::SCHEME_SAID, &subject, old, new);
        for (key, kind) in [
            ("type", &kinds::SCHEME_TYPE_CHANGED),
            ("scheme", &kinds::HTTP_SCHEME_CHANGED),
            ("name", &kinds::API_KEY_RENAMED),
            ("in", &kinds::API_KEY_MOVED),
            ("openIdConnectUrl", &kinds::OPEN_ID_CHANGED),
        ] {
            let (was, is) = (old.text(key), new.text(key));
            if was != is {
                let word =
                    |text: Option<&str>| text.map_or_else(|| "absent".to_owned(), |text| format!("`{text}`"));
                let message = format!("`{key}` of {subject} is {}; it was {}", word(is), word(was));
                self.tell(kind, old.get(key).unwrap_or(old), new.get(key).unwrap_or(new), message);
                if key == "type" {
                    return;
                }
            }
        }
        for (flow, was, is) in both(old.map_at("flows"), new.map_at("flows")) {
            let subject = format!("the flow `{flow}` of {subject}");
            match (was, is) {
                (Some(was), Some(is)) => self.flow(&subject, was, is),
                (None, Some(is)) => self.tell(&kinds::FLOW_ADDED, old, is, format!("{subject} is new")),
                (Some(was), None) => self.tell(&kinds::FLOW_REMOVED, was, new, format!("{subject} is gone")),
                (None, None) => {}
            }
        }
    }

    fn flow(&mut self, subject: &str, old: &'a Tree, new: &'a Tree) {
        for key in ["authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"] {
            let (was, is) = (old.text(key), new.text(key));
            if was != is {
                let at = |tree: &'a Tree| tree.get(key).unwrap_or(tree);
                let message = format!("`{key}` of {subject} is another");
                self.tell(&kinds::FLOW_URL_CHANGED, at(old), at(new), message);
            }
        }
        for (scope, was, is) in both(old.map_at("scopes"), new.map_at("scopes")) {
            match (was, is) {
                (None, Some(is)) => {
                    self.tell(&kinds::FLOW_SCOPE_ADDED, old, is, format!("{subject} grants `{scope}`"));
                }
                (Some(was), None) => {
                    let message = format!("{subject} grants `{scope}` no longer");
                    self.tell(&kinds::FLOW_SCOPE_REMOVED, was, new, message);
                }
                (Some(was), Some(is)) => self.words(&kinds::SCHEME_SAID, &format!("`{scope}`"), was, is),
                (None, None) => {}
            }
        }
    }

    /// Where an operation is called. Where both sides leave it to the root it is compared once for all of them.
    pub(super) fn own_servers(&mut self, old: &'a Tree, new: &'a Tree) {
        let key = "servers";
        if old.get(key).is_none() && new.get(key).is_none() {
            if !std::mem::replace(&mut self.are_servers_compared, true) {
                self.for_all(Self::root_servers);
            }
            return;
        }
        let own = |own: &'a Tree, root: &'a Tree| if own.get(key).is_some() { own } else { root };
        let (was, is) = (own(old, self.old.root), own(new, self.new.root));
        self.servers((was, was.list(key)), (is, is.list(key)));
    }

    fn root_servers(&mut self) {
        let (old, new) = (self.old.root, self.new.root);
        let at = |tree: &'a Tree| tree.get("servers").unwrap_or(tree);
        self.servers((at(old), old.list("servers")), (at(new), new.list("servers")));
    }

    fn servers(&mut self, (old, was): (&'a Tree, &'a [Tree]), (new, is): (&'a Tree, &'a [Tree])) {
        let url = |tree: &'a Tree| tree.text("url").unwrap_or_default();
        let base = |list: &'a [Tree]| list.first().map_or_else(|| "/".to_owned(), base_path);
        let (was_base, is_base) = (base(was), base(is));
        if was_base != is_base {
            let message = format!("the path of the first server is `{is_base}`; it was `{was_base}`");
            let at = |list: &'a [Tree], tree| list.first().unwrap_or(tree);
            self.tell(&kinds::BASE_PATH_CHANGED, at(was, old), at(is, new), message);
        }
        for server in was {
            if let Some(other) = is.iter().find(|other| url(other) == url(server)) {
                self.server(server, other);
            } else {
                let message = format!("the server `{}` is gone", url(server));
                self.tell(&kinds::SERVER_REMOVED, server, new, message);
            }
        }
        for server in is.iter().filter(|server| !was.iter().any(|other| url(other) == url(server))) {
            self.tell(&kinds::SERVER_ADDED, old, server, format!("the server `{}` is new", url(server)));
        }
    }

    fn server(&mut self, old: &'a Tree, new: &'a Tree) {
        let url = new.text("url").unwrap_or_default();
        self.words(&kinds::SERVER_SAID, &format!("the server `{url}`"), old, new);
        for (name, was, is) in both(old.map_at("variables"), new.map_at("variables")) {
            let (was, is) = (was.unwrap_or(old), is.unwrap_or(new));
            let variable = format!("`{name}` of the server `{url}`");
            if was.text("default") != is.text("default") {
                let at = |tree: &'a Tree| tree.get("default").unwrap_or(tree);
                let message = format!("{variable} is something else by default");
                self.tell(&kinds::SERVER_DEFAULT_CHANGED, at(was), at(is), message);
            }
            let (had, has) = (was.list("enum"), is.list("enum"));
            for value in has.iter().filter(|value| !had.iter().any(|own| own.same(value))) {
                let message = format!("{variable} may be `{}`, too", value.shown());
                self.tell(&kinds::SERVER_VALUE_ADDED, was, value, message);
            }
            for value in had.iter().filter(|value| !has.iter().any(|own| own.same(value))) {
                let message = format!("{variable} may be `{}` no longer", value.shown());
                self.tell(&kinds::SERVER_VALUE_REMOVED, value, is, message);
            }
            self.words(&kinds::SERVER_SAID, &variable, was, is);
        }
    }
}

fn alternative(tree: &Tree) -> Alternative<'_> {
    let entries = tree.entries().iter();
    entries.map(|(name, tree)| (&**name, tree.items().iter().filter_map(Tree::as_text).collect())).collect()
}

fn shown(alternative: &Alternative<'_>) -> String {
    let names: Vec<String> = alternative.keys().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(" and ") }
}

/// The path of a server, its variables at their defaults.
fn base_path(server: &Tree) -> String {
    let mut url = server.text("url").unwrap_or_default().to_owned();
    for (name, variable) in server.map_at("variables") {
        url = url.replace(&format!("{{{name}}}"), variable.text("default").unwrap_or_default());
    }
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => url.as_str(),
    };
    let path = path.trim_end_matches('/');
    if path.is_empty() { "/".to_owned() } else { path.to_owned() }
}
