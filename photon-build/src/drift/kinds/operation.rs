//! What may change about operations, webhooks and callbacks as a whole, and about the document itself.

use super::{Area, ChangeKind, Direction, Verdict, kinds};

kinds! {
    OPERATION_ADDED = "operation-added" Operation Compatible "there is a further operation", "nobody calls it yet" <-> "operation-removed";
    OPERATION_REMOVED = "operation-removed" Operation Breaking "there is an operation no longer", "clients that call it are refused" <-> "operation-added";
    OPERATION_REMOVED_DEPRECATED = "operation-removed-deprecated" Operation Risky "there is a deprecated operation no longer", "clients were told to leave it, and not until when" <-> "operation-added";
    OPERATION_REMOVED_BEFORE_SUNSET = "operation-removed-before-sunset" Operation Breaking "an operation is removed before the day that its `x-sunset` names", "clients were told that it stays until then" <-> "operation-added";
    OPERATION_REMOVED_AFTER_SUNSET = "operation-removed-after-sunset" Operation Compatible "an operation is removed after the day that its `x-sunset` names", "clients were told to leave it by then" <-> "operation-added";
    PATH_PARAMETER_RENAMED = "path-parameter-renamed" Operation Compatible "a parameter of the path has another name", "the path is the same to those who call it" <-> "path-parameter-renamed";
    OPERATION_ID_ADDED = "operation-id-added" Operation Compatible "an operation has an `operationId`", "nothing that is sent changes" <-> "operation-id-removed";
    OPERATION_ID_REMOVED = "operation-id-removed" Operation Risky "an operation has an `operationId` no longer", "generated clients name their functions after it" <-> "operation-id-added";
    OPERATION_ID_CHANGED = "operation-id-changed" Operation Risky "an operation has another `operationId`", "generated clients name their functions after it" <-> "operation-id-changed";
    OPERATION_TAG_ADDED = "operation-tag-added" Operation Compatible "an operation has a further tag", "nothing that is sent changes" <-> "operation-tag-removed";
    OPERATION_TAG_REMOVED = "operation-tag-removed" Operation Compatible "an operation has a tag no longer", "nothing that is sent changes" <-> "operation-tag-added";
    OPERATION_DEPRECATED = "operation-deprecated" Operation Compatible "an operation is deprecated", "it is there still" <-> "operation-no-longer-deprecated";
    OPERATION_NO_LONGER_DEPRECATED = "operation-no-longer-deprecated" Operation Compatible "an operation is deprecated no longer", "it is there still" <-> "operation-deprecated";
    SUNSET_ADDED = "sunset-added" Operation Compatible "an operation has a day of its end", "it is there still" <-> "sunset-removed";
    SUNSET_REMOVED = "sunset-removed" Operation Compatible "an operation has a day of its end no longer", "it stays" <-> "sunset-added";
    SUNSET_EARLIER = "sunset-earlier" Operation Risky "an operation ends earlier than it was said", "clients have less time than they were promised" <-> "sunset-later";
    SUNSET_LATER = "sunset-later" Operation Compatible "an operation ends later than it was said", "clients have more time" <-> "sunset-earlier";
    STREAM_TURNED_ON = "stream-turned-on" Operation Breaking "`x-photon-stream` makes an answer a stream", "clients expect an answer in one piece" <-> "stream-turned-off";
    STREAM_TURNED_OFF = "stream-turned-off" Operation Breaking "an answer is a stream by `x-photon-stream` no longer", "clients expect a stream" <-> "stream-turned-on";
    BODY_LIMIT_LOWERED = "body-limit-lowered" Operation Breaking "`x-photon-limits` allows less", "bodies that were accepted are refused" <-> "body-limit-raised";
    BODY_LIMIT_RAISED = "body-limit-raised" Operation Compatible "`x-photon-limits` allows more", "what was accepted still is" <-> "body-limit-lowered";
    WEBSOCKET_ADDED = "websocket-added" Operation Breaking "`x-photon-websocket` makes an operation a WebSocket", "clients expect an answer" <-> "websocket-removed";
    WEBSOCKET_REMOVED = "websocket-removed" Operation Breaking "an operation is a WebSocket no longer", "clients expect one" <-> "websocket-added";
    OPERATION_PHOTON_CHANGED = "operation-photon-extension-changed" Operation Risky "another `x-photon-` extension of an operation has changed", "it may change what is sent; compare the two" <-> "operation-photon-extension-changed";
    OPERATION_EXTENSION_CHANGED = "operation-extension-changed" Operation Compatible "an extension of an operation is another", "nothing that is sent changes" <-> "operation-extension-changed";
    OPERATION_SAID = "operation-documentation-changed" Operation Documentation "summary, description or links to documentation of an operation are others", "it is only said differently" <-> "operation-documentation-changed";
    PATH_SAID = "path-documentation-changed" Operation Documentation "summary or description of a path are others", "it is only said differently" <-> "path-documentation-changed";
    PATH_EXTENSION_CHANGED = "path-extension-changed" Operation Compatible "an extension of a path is another", "nothing that is sent changes" <-> "path-extension-changed";
    WEBHOOK_ADDED = "webhook-added" Operation Compatible "there is a further webhook", "clients receive it once they ask for it" <-> "webhook-removed";
    WEBHOOK_REMOVED = "webhook-removed" Operation Breaking "there is a webhook no longer", "clients wait for it in vain" <-> "webhook-added";
    CALLBACK_ADDED = "callback-added" Operation Compatible "there is a further callback", "clients receive it once they ask for it" <-> "callback-removed";
    CALLBACK_REMOVED = "callback-removed" Operation Breaking "there is a callback no longer", "clients wait for it in vain" <-> "callback-added";
    VERSION_RAISED = "version-raised" Document Compatible "`info.version` is higher", "it says what the other changes are" <-> "version-lowered";
    VERSION_LOWERED = "version-lowered" Document Risky "`info.version` is lower", "clients take it for an older contract" <-> "version-raised";
    VERSION_CHANGED = "version-changed" Document Compatible "`info.version` is another, and neither is a number", "it says what the other changes are" <-> "version-changed";
    TITLE_CHANGED = "title-changed" Document Documentation "the title of the document is another", "it is only said differently" <-> "title-changed";
    TERMS_CHANGED = "terms-of-service-changed" Document Documentation "the terms of service are others", "no program reads them" <-> "terms-of-service-changed";
    CONTACT_CHANGED = "contact-changed" Document Documentation "whom to ask is another", "no program reads it" <-> "contact-changed";
    LICENSE_CHANGED = "license-changed" Document Documentation "the license is another", "no program reads it" <-> "license-changed";
    INFO_SAID = "document-documentation-changed" Document Documentation "summary, description or links to documentation of the document are others", "it is only said differently" <-> "document-documentation-changed";
    TAG_ADDED = "tag-added" Document Documentation "there is a further tag", "it groups what is said" <-> "tag-removed";
    TAG_REMOVED = "tag-removed" Document Documentation "there is a tag no longer", "it groups what is said" <-> "tag-added";
    TAG_CHANGED = "tag-changed" Document Documentation "a tag is described in another way", "it is only said differently" <-> "tag-changed";
    DOCUMENT_PHOTON_CHANGED = "document-photon-extension-changed" Document Risky "an `x-photon-` extension of the document is another", "it may change what is sent; compare the two" <-> "document-photon-extension-changed";
    DOCUMENT_EXTENSION_CHANGED = "document-extension-changed" Document Compatible "an extension of the document is another", "nothing that is sent changes" <-> "document-extension-changed";
    NOT_COMPARED = "not-compared" Document Breaking "the schemas are too entangled to be compared to the end", "what was not compared may break clients" <-> "not-compared";
}
