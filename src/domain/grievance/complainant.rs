//! Who complains [form ক-১]: as it was told, as it is kept, and as it is shown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Identity, IdentityKind, Relation};
use crate::domain::contact::{Email, PhoneE164, ShownEmail, ShownMobile};
use crate::domain::personal_data::{Sealed, shown_address, shown_email, shown_mobile, shown_number};

/// Who complains, as it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complainant {
    /// The name.
    pub name: String,
    /// The number of the national identity card, birth registration or passport.
    pub identity: Identity,
    /// The permanent address.
    pub permanent_address: String,
    /// The present address.
    pub present_address: String,
    /// The mobile, as a telephone dials it.
    pub mobile: PhoneE164,
    /// The e-mail address.
    pub email: Option<Email>,
    /// What the complainant is to the person who was to be served.
    pub relation: Relation,
    /// The name of that person or institution, where it is not the complainant.
    pub served_name: Option<String>,
}

/// What of a complainant is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particulars {
    /// The number of the paper that proves who it is.
    pub identity_number: String,
    /// The permanent address.
    pub permanent_address: String,
    /// The present address.
    pub present_address: String,
    /// The mobile, as a telephone dials it.
    pub mobile: PhoneE164,
    /// The e-mail address.
    pub email: Option<Email>,
}

/// Who complains, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptComplainant {
    /// The name.
    pub name: String,
    /// Which paper proves who it is.
    pub identity_kind: IdentityKind,
    /// What the complainant is to the person who was to be served.
    pub relation: Relation,
    /// The name of that person or institution, where it is not the complainant.
    pub served_name: Option<String>,
    /// The [`Particulars`].
    pub personal: Sealed,
}

impl Complainant {
    /// What of it is sealed.
    pub fn particulars(&self) -> Particulars {
        Particulars {
            identity_number: self.identity.number.clone(),
            permanent_address: self.permanent_address.clone(),
            present_address: self.present_address.clone(),
            mobile: self.mobile.clone(),
            email: self.email.clone(),
        }
    }

    /// The same as it is kept, with what was sealed of it.
    pub fn kept(self, personal: Sealed) -> KeptComplainant {
        KeptComplainant {
            name: self.name,
            identity_kind: self.identity.kind,
            relation: self.relation,
            served_name: self.served_name,
            personal,
        }
    }

    /// As it is shown: as it is to those who handle the grievance, masked to others.
    pub fn shown(self, masked: bool) -> ShownComplainant {
        ShownComplainant {
            name: self.name,
            identity: ShownIdentity {
                kind: self.identity.kind,
                number: shown_number(self.identity.number, masked),
            },
            permanent_address: shown_address(self.permanent_address, masked),
            present_address: shown_address(self.present_address, masked),
            mobile: shown_mobile(&self.mobile, masked),
            email: self.email.as_ref().map(|email| shown_email(email, masked)),
            masked,
            relation: self.relation,
            served_name: self.served_name,
        }
    }
}

impl KeptComplainant {
    /// The same with what was sealed.
    pub fn with(&self, particulars: Particulars) -> Complainant {
        Complainant {
            name: self.name.clone(),
            identity: Identity {
                kind: self.identity_kind,
                number: particulars.identity_number,
            },
            permanent_address: particulars.permanent_address,
            present_address: particulars.present_address,
            mobile: particulars.mobile,
            email: particulars.email,
            relation: self.relation,
            served_name: self.served_name.clone(),
        }
    }
}

/// The number of a paper that proves who somebody is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ShownIdentity {
    /// Which paper.
    pub kind: IdentityKind,
    /// Its number; where it is masked, but for the end of it.
    #[schemars(length(min = 4, max = 40), regex(pattern = "^[•০-৯0-9A-Za-z -]+$"), extend("examples" = ["১৯৯০৪৭১২৩৪৫৬৭৮৯০১"]))]
    pub number: String,
}

/// Who complains [form ক-১].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Complainant")]
pub struct ShownComplainant {
    /// The name.
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["মোছাঃ রহিমা খাতুন"]))]
    pub name: String,
    /// The number of the national identity card, birth registration or passport.
    pub identity: ShownIdentity,
    /// The permanent address.
    #[schemars(length(max = 1000), regex(pattern = r"\S"), extend("examples" = ["গ্রাম: চালনা, দাকোপ, খুলনা"]))]
    pub permanent_address: String,
    /// The present address.
    #[schemars(length(max = 1000), regex(pattern = r"\S"), extend("examples" = ["খালিশপুর, খুলনা"]))]
    pub present_address: String,
    /// The mobile, as a telephone dials it.
    pub mobile: ShownMobile,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<ShownEmail>,
    /// Whether number, addresses, mobile and e-mail address are masked: in lists, and for those who do not handle the grievance.
    #[schemars(extend("examples" = [false]))]
    pub masked: bool,
    /// What the complainant is to the person who was to be served.
    pub relation: Relation,
    /// The name of that person or institution, where it is not the complainant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["মোঃ আব্দুল করিম"]))]
    pub served_name: Option<String>,
}
