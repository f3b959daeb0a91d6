//! The tables of charters, the calendar, the change feed, and of those who sign in.

diesel::table! {
    offices (seq) {
        seq -> BigInt,
        code -> Text,
        parent -> Nullable<Text>,
        name_bn -> Text,
        name_en -> Text,
        website -> Nullable<Text>,
        publishes -> Bool,
        search -> Text,
        version -> BigInt,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    charters (office) {
        office -> Text,
        title_bn -> Text,
        title_en -> Text,
        vision_bn -> Text,
        vision_en -> Text,
        mission_bn -> Text,
        mission_en -> Text,
        signatory_name_bn -> Text,
        signatory_name_en -> Text,
        signatory_designation_bn -> Text,
        signatory_designation_en -> Text,
        signatory_organisation_bn -> Text,
        signatory_organisation_en -> Text,
        signatory_office_bn -> Text,
        signatory_office_en -> Text,
    }
}

diesel::table! {
    expectations (office, position) {
        office -> Text,
        position -> Integer,
        serial -> Integer,
        text_bn -> Text,
        text_en -> Text,
    }
}

diesel::table! {
    officers (seq) {
        seq -> BigInt,
        id -> Text,
        office -> Text,
        position -> Integer,
        name_bn -> Text,
        name_en -> Text,
        designation_bn -> Text,
        designation_en -> Text,
        phone -> Text,
        phone_e164 -> Text,
        email -> Text,
        website -> Nullable<Text>,
        search -> Text,
        version -> BigInt,
        updated_at -> Timestamp,
        sequence -> Nullable<BigInt>,
    }
}

diesel::table! {
    services (seq) {
        seq -> BigInt,
        id -> Text,
        office -> Text,
        position -> Integer,
        category -> Text,
        serial -> Integer,
        name_bn -> Text,
        name_en -> Text,
        channels -> Text,
        delivery_bn -> Text,
        delivery_en -> Text,
        documents_bn -> Text,
        documents_en -> Text,
        documents_where_bn -> Nullable<Text>,
        documents_where_en -> Nullable<Text>,
        fee_kind -> Text,
        fee_amount_bdt -> Nullable<BigInt>,
        fee_bn -> Text,
        fee_en -> Text,
        time_limit_kind -> Text,
        time_limit_working_days -> Nullable<Integer>,
        time_limit_where_applicable -> Bool,
        time_limit_bn -> Text,
        time_limit_en -> Text,
        responsible_officer_id -> Text,
        alternate_officer_id -> Text,
        search -> Text,
        version -> BigInt,
        updated_at -> Timestamp,
        sequence -> Nullable<BigInt>,
    }
}

diesel::table! {
    service_channels (channel, service_seq) {
        channel -> Text,
        service_seq -> BigInt,
    }
}

diesel::table! {
    upazila_offices (seq) {
        seq -> BigInt,
        id -> Text,
        office -> Text,
        position -> Integer,
        serial -> Integer,
        name_bn -> Text,
        name_en -> Text,
        website -> Nullable<Text>,
        search -> Text,
        version -> BigInt,
        updated_at -> Timestamp,
        sequence -> Nullable<BigInt>,
    }
}

diesel::table! {
    grievance_levels (seq) {
        seq -> BigInt,
        office -> Text,
        level -> Integer,
        title_bn -> Text,
        title_en -> Text,
        when_bn -> Text,
        when_en -> Text,
        handler_officer_id -> Nullable<Text>,
        handler_name_bn -> Nullable<Text>,
        handler_name_en -> Nullable<Text>,
        handler_designation_bn -> Nullable<Text>,
        handler_designation_en -> Nullable<Text>,
        handler_organisation_bn -> Nullable<Text>,
        handler_organisation_en -> Nullable<Text>,
        handler_address_bn -> Nullable<Text>,
        handler_address_en -> Nullable<Text>,
        handler_phone -> Nullable<Text>,
        handler_phone_e164 -> Nullable<Text>,
        handler_email -> Nullable<Text>,
        handler_website -> Nullable<Text>,
        working_days -> Integer,
        extension_working_days -> Integer,
    }
}

diesel::table! {
    calendar_days (date) {
        date -> Date,
        kind -> Text,
        name_bn -> Text,
        name_en -> Text,
        source_bn -> Text,
        source_en -> Text,
    }
}

diesel::table! {
    calendar_years (year) {
        year -> Integer,
        complete -> Bool,
        note_bn -> Text,
        note_en -> Text,
    }
}

diesel::table! {
    changes (sequence) {
        sequence -> BigInt,
        kind -> Text,
        op -> Text,
        id -> Text,
        office -> Text,
        changed_at -> Timestamp,
        position -> Integer,
        state -> Nullable<Text>,
        changed_by -> Nullable<Text>,
        changed_as -> Nullable<Text>,
    }
}

diesel::table! {
    change_counter (only_row) {
        only_row -> Integer,
        last_sequence -> BigInt,
        edition -> BigInt,
    }
}

diesel::table! {
    accounts (seq) {
        seq -> BigInt,
        id -> Text,
        email -> Text,
        role -> Text,
        office -> Nullable<Text>,
        officer_id -> Nullable<Text>,
        password_hash -> Text,
        disabled -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    clients (seq) {
        seq -> BigInt,
        id -> Text,
        name -> Text,
        secret_hash -> Nullable<Text>,
        disabled -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        subject -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Text,
        session -> Text,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    signing_keys (seq) {
        seq -> BigInt,
        kid -> Text,
        private_key -> Text,
        public_key -> Text,
        created_at -> Timestamp,
        retired_at -> Nullable<Timestamp>,
        verifies_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    failed_attempts (seq) {
        seq -> BigInt,
        scope -> Text,
        attempted_at -> Timestamp,
    }
}

diesel::table! {
    known_addresses (account, address) {
        account -> Text,
        address -> Text,
        last_seen_at -> Timestamp,
    }
}

diesel::table! {
    absences (seq) {
        seq -> BigInt,
        id -> Text,
        officer_id -> Text,
        kind -> Text,
        first_day -> Date,
        last_day -> Nullable<Date>,
        recorded_by -> Text,
        recorded_as -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    idempotency_keys (scope, key) {
        scope -> Text,
        key -> Text,
        fingerprint -> Text,
        answer -> Text,
        created_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(offices, charters);
