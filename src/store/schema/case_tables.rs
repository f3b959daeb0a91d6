//! The tables of cases.

diesel::table! {
    service_requests (seq) {
        seq -> BigInt,
        id -> Text,
        tracking_code -> Text,
        office -> Text,
        service_id -> Text,
        service_version -> BigInt,
        service_sequence -> BigInt,
        service_name_bn -> Text,
        service_name_en -> Text,
        state -> Text,
        is_open -> Bool,
        medium -> Text,
        language -> Text,
        name -> Text,
        request -> Text,
        filed_at -> Timestamp,
        filed_on -> Date,
        filed_by -> Nullable<Text>,
        filed_as -> Text,
        responsible_officer_id -> Text,
        alternate_officer_id -> Text,
        handed_over -> Bool,
        assignee -> Text,
        awaits_promise -> Bool,
        clock_from -> Nullable<Date>,
        clock_days -> Nullable<Integer>,
        clock_left -> Nullable<Integer>,
        clock_stopped_on -> Nullable<Date>,
        days_stood -> Integer,
        due_on -> Nullable<Date>,
        urgency -> Integer,
        appointment_at -> Nullable<Timestamp>,
        appointment_place -> Nullable<Text>,
        closed_at -> Nullable<Timestamp>,
        closed_on -> Nullable<Date>,
        reason -> Nullable<Text>,
        took_days -> Nullable<Integer>,
        rating -> Nullable<Integer>,
        search -> Text,
        events -> Integer,
        last_hash -> Text,
        version -> BigInt,
        updated_at -> Timestamp,
        personal -> Text,
        personal_key -> Text,
        forgotten -> Bool,
    }
}

diesel::table! {
    case_events (seq) {
        seq -> BigInt,
        case_id -> Text,
        number -> Integer,
        happened_at -> Timestamp,
        action -> Text,
        state -> Text,
        actor -> Nullable<Text>,
        role -> Text,
        for_officer -> Nullable<Text>,
        public -> Text,
        private -> Nullable<Text>,
        private_digest -> Text,
        previous -> Text,
        hash -> Text,
    }
}

diesel::table! {
    grievances (seq) {
        seq -> BigInt,
        id -> Text,
        tracking_code -> Text,
        office -> Text,
        appeal_office -> Text,
        level -> Integer,
        state -> Text,
        is_open -> Bool,
        service_id -> Nullable<Text>,
        service_office -> Nullable<Text>,
        service_version -> Nullable<BigInt>,
        service_sequence -> Nullable<BigInt>,
        service_name_bn -> Nullable<Text>,
        service_name_en -> Nullable<Text>,
        service_request_id -> Nullable<Text>,
        about_officer_id -> Nullable<Text>,
        about_handler -> Nullable<Text>,
        responsible_officer_id -> Nullable<Text>,
        alternate_officer_id -> Nullable<Text>,
        applied_on -> Nullable<Date>,
        complainant_kind -> Text,
        anonymous -> Bool,
        medium -> Text,
        language -> Text,
        subject -> Text,
        description -> Text,
        attachments -> Text,
        filed_at -> Timestamp,
        filed_on -> Date,
        filed_by -> Nullable<Text>,
        filed_as -> Text,
        limit_from -> Date,
        limit_days -> Integer,
        clock_from -> Nullable<Date>,
        clock_days -> Nullable<Integer>,
        due_on -> Date,
        urgency -> Integer,
        opinion_due_on -> Nullable<Date>,
        information_asked -> Bool,
        investigation_opened_on -> Nullable<Date>,
        investigators -> Nullable<Text>,
        investigation_reported_on -> Nullable<Date>,
        decided_level -> Nullable<Integer>,
        decided_at -> Nullable<Timestamp>,
        outcome -> Nullable<Text>,
        reason -> Nullable<Text>,
        decision -> Nullable<Text>,
        referred_to -> Nullable<Text>,
        root_cause -> Nullable<Text>,
        advice -> Nullable<Text>,
        departmental_action -> Bool,
        untold_since -> Nullable<Date>,
        told_on -> Nullable<Date>,
        blacklisting_recommended -> Bool,
        closed_at -> Nullable<Timestamp>,
        closed_on -> Nullable<Date>,
        rating -> Nullable<Integer>,
        search -> Text,
        events -> Integer,
        last_hash -> Text,
        version -> BigInt,
        updated_at -> Timestamp,
        forgotten -> Bool,
    }
}

diesel::table! {
    grievance_complainants (grievance_id) {
        grievance_id -> Text,
        name -> Text,
        identity_kind -> Text,
        relation -> Text,
        served_name -> Nullable<Text>,
        personal -> Text,
        personal_key -> Text,
    }
}

diesel::table! {
    grievance_stays (seq) {
        seq -> BigInt,
        grievance_id -> Text,
        office -> Text,
        level -> Integer,
        is_appeal -> Bool,
        medium -> Text,
        received_on -> Date,
        left_due_on -> Nullable<Date>,
        disposed_on -> Nullable<Date>,
        disposal -> Nullable<Text>,
        outcome -> Nullable<Text>,
        reason -> Nullable<Text>,
        decision -> Nullable<Text>,
    }
}

diesel::table! {
    blacklist_keys (id) {
        id -> Integer,
        secret -> Text,
    }
}

diesel::table! {
    blacklist_entries (seq) {
        seq -> BigInt,
        id -> Text,
        office -> Text,
        recognised_by -> Text,
        digest -> Text,
        grievance_id -> Text,
        reason -> Text,
        entered_by -> Text,
        entered_as -> Text,
        entered_at -> Timestamp,
    }
}

diesel::table! {
    personal_data_keys (id) {
        id -> Text,
        sealed -> Text,
    }
}

diesel::table! {
    showings (seq) {
        seq -> BigInt,
        case_id -> Text,
        shown_at -> Timestamp,
        shown_to -> Text,
        role -> Text,
    }
}
