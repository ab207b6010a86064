//! What may change about who may call, and where.

use super::{Area, ChangeKind, Direction, Verdict, kinds};

kinds! {
    SECURITY_ADDED = "security-added" Security Breaking "callers must be known", "clients that say nothing of themselves are refused" <-> "security-removed";
    SECURITY_REMOVED = "security-removed" Security Compatible "anyone may call", "what was accepted still is" <-> "security-added";
    ALTERNATIVE_ADDED = "security-alternative-added" Security Compatible "there is a further way to be known", "what was accepted still is" <-> "security-alternative-removed";
    ALTERNATIVE_REMOVED = "security-alternative-removed" Security Breaking "there is a way to be known no longer", "clients that use it are refused" <-> "security-alternative-added";
    SECURITY_TIGHTENED = "security-tightened" Security Breaking "a way to be known demands a further scheme", "clients without it are refused" <-> "security-loosened";
    SECURITY_LOOSENED = "security-loosened" Security Compatible "a way to be known demands a scheme no longer", "what was accepted still is" <-> "security-tightened";
    SCOPE_ADDED = "security-scope-added" Security Breaking "a further scope is demanded", "clients without it are refused" <-> "security-scope-removed";
    SCOPE_REMOVED = "security-scope-removed" Security Compatible "a scope is demanded no longer", "what was accepted still is" <-> "security-scope-added";
    SCHEME_ADDED = "security-scheme-added" Security Compatible "a further security scheme is declared", "operations say whether it is demanded" <-> "security-scheme-removed";
    SCHEME_REMOVED = "security-scheme-removed" Security Compatible "a security scheme is declared no longer", "operations say whether it was demanded" <-> "security-scheme-added";
    SCHEME_TYPE_CHANGED = "security-scheme-type-changed" Security Breaking "a security scheme is of another type", "clients that use it are refused" <-> "security-scheme-type-changed";
    HTTP_SCHEME_CHANGED = "security-http-scheme-changed" Security Breaking "a security scheme uses another scheme of HTTP", "clients that use it are refused" <-> "security-http-scheme-changed";
    API_KEY_RENAMED = "security-key-renamed" Security Breaking "the key of a security scheme has another name", "clients that use it are refused" <-> "security-key-renamed";
    API_KEY_MOVED = "security-key-moved" Security Breaking "the key of a security scheme is in another place", "clients that use it are refused" <-> "security-key-moved";
    OPEN_ID_CHANGED = "security-open-id-url-changed" Security Risky "OpenID Connect is discovered elsewhere", "clients that remember where are refused" <-> "security-open-id-url-changed";
    FLOW_ADDED = "security-flow-added" Security Compatible "there is a further flow of OAuth 2", "what was accepted still is" <-> "security-flow-removed";
    FLOW_REMOVED = "security-flow-removed" Security Breaking "there is a flow of OAuth 2 no longer", "clients that use it are refused" <-> "security-flow-added";
    FLOW_URL_CHANGED = "security-flow-url-changed" Security Risky "a flow of OAuth 2 has another URL", "clients that remember the old one are refused once that is gone" <-> "security-flow-url-changed";
    FLOW_SCOPE_ADDED = "security-flow-scope-added" Security Compatible "a flow of OAuth 2 grants a further scope", "what was granted still is" <-> "security-flow-scope-removed";
    FLOW_SCOPE_REMOVED = "security-flow-scope-removed" Security Breaking "a flow of OAuth 2 grants a scope no longer", "clients that ask for it are refused" <-> "security-flow-scope-added";
    SCHEME_SAID = "security-scheme-documentation-changed" Security Documentation "a security scheme is described in other words", "it is only said differently" <-> "security-scheme-documentation-changed";
    BASE_PATH_CHANGED = "base-path-changed" Server Breaking "the path of the first server is another", "every URL is another" <-> "base-path-changed";
    SERVER_ADDED = "server-added" Server Compatible "there is a further server", "the others are there still" <-> "server-removed";
    SERVER_REMOVED = "server-removed" Server Risky "there is a server no longer", "clients that use it may be refused" <-> "server-added";
    SERVER_DEFAULT_CHANGED = "server-variable-default-changed" Server Risky "a variable of a server has another default", "clients that use the default call elsewhere" <-> "server-variable-default-changed";
    SERVER_VALUE_ADDED = "server-variable-value-added" Server Compatible "a variable of a server may have a further value", "the others are there still" <-> "server-variable-value-removed";
    SERVER_VALUE_REMOVED = "server-variable-value-removed" Server Risky "a variable of a server may have a value no longer", "clients that use it may be refused" <-> "server-variable-value-added";
    SERVER_SAID = "server-documentation-changed" Server Documentation "a server is described in other words", "it is only said differently" <-> "server-documentation-changed";
}
