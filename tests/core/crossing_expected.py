"""What the attempts of ``test_crossing`` find: who is told by which reads, and by whom which operations are done."""

from tests.core import crossing_training

OF_EVERYBODY = {"product_id", "territory_id"} | crossing_training.OF_EVERYBODY
"""What names rows of the company that all of its partners may name."""
TOLD_NOTHING = {"engagement.rebuild.set_aside"}
"""Operations that answer how much they found instead of refusing; that nothing changed is seen by the rows."""
TOLD_TO_GUESTS = {
    "meetings.queries.room_actions",
    "meetings.queries.room_decisions",
    "meetings.queries.room_meetings",
    "nda.queries.my_ndas",
    "nda.queries.my_signing",
    "partners.room_queries.room",
    "proposals.queries.reading",
    "timeline.room_queries.room_timeline",
    "vault.queries.room_documents",
}
TOLD_TO_CONTACTS = crossing_training.TOLD_TO_CONTACTS | {
    "contacts.desk.desk",
    "contacts.own_queries.colleagues",
    "deals.catalogue_queries.places",
    "deals.catalogue_queries.price_list",
    "library.own_queries.my_library",
    "questions.own_queries.faq",
    "questions.own_queries.my_question",
    "questions.own_queries.my_questions",
    "questions.own_queries.search",
    "questions.own_queries.subjects",
    "deals.home_queries.home",
    "deals.order_queries.my_orders",
    "deals.own_queries.my_deal",
    "deals.own_queries.my_deals",
    "deals.own_queries.my_draft",
    "deals.protection_queries.my_protections",
    "deals.quote_queries.my_quote",
    "nda.agreement_queries.my_agreement",
    "nda.queries.my_signing",
}
ONLY_NUMBERS = {
    "access.queries.own_sessions",
    "contacts.own_queries.my_sessions",
    "contacts.queries.sessions_of",
    "deals.analytics.overview",
    "deals.reseller_queries.not_resellers",
    "deals.reseller_queries.terms",
    "audit.queries.record_state",
    "audit.queries.verification",
    "engagement.calls.call_list",
    "engagement.cohorts.conversion",
    "engagement.cohorts.time_in_stage",
    "engagement.overview.over_time",
    "engagement.overview.overview",
    "engagement.queries.days",
    "engagement.queries.drop_off",
    "engagement.queries.excluded",
    "engagement.queries.figures",
    "engagement.queries.sections",
    "engagement.queries.visits_per_day",
    "engagement.readers.forwarded",
    "engagement.readers.returning",
    "library.own_queries.new_documents",
    "library.queries.active_resellers",
    "library.queries.would_reach",
    "mail.queries.email_config",
    "nda.progress.reading_now",
    "nda.queries.text_version",
    "nda.register.find_by_reference",
    "nda.register.standing",
    "nda.service.prepare",
    "proposals.queries.has_reading",
}
"""Reads whose answer names nobody here: sums, or lists for which these partners were read too little."""
TOLD_TO_BOTH = crossing_training.TOLD_TO_CONTACTS - crossing_training.SILENT_TO_STAFF
SILENT_TO_STAFF = (
    ONLY_NUMBERS | TOLD_TO_GUESTS | TOLD_TO_CONTACTS | crossing_training.SILENT_TO_STAFF | {"today.trouble.troubles"}
) - TOLD_TO_BOTH
"""Nothing is wrong with the first partner."""
ABOUT_OWN_DEALS = {
    "deals.attachments.attach",
    "deals.fetching.fetch_own",
    "deals.orders.upload_order",
    "deals.pre_check.pre_check",
    "deals.protections.ask_extension",
    "deals.registering.resubmit",
    "deals.registering.withdraw",
}
DONE_BY_CONTACTS = (
    ABOUT_OWN_DEALS
    | crossing_training.DONE_BY_CONTACTS
    | {
        "library.fetching.fetch_own",
        "library.own_service.look",
        "questions.asking.ask",
        "questions.asking.follow_up",
        "vault.fetching.fetch_shared",
        "access.service.end_other_sessions",
        "access.service.leave",
        "access.service.report_mismatch",
        "contacts.desk.end_other_sessions",
        "contacts.desk.prove_device",
        "contacts.desk.send_device_code",
        "contacts.own_service.add_colleague",
        "contacts.own_service.change_colleague",
        "contacts.own_service.disable_colleague",
        "contacts.own_service.end_session",
        "contacts.own_service.resend_invite",
        "deals.registering.save_draft",
        "deals.registering.submit",
        "nda.service.enter_code",
        "nda.service.save_signature_draft",
        "nda.service.sign",
    }
)
NOT_DONE_BY_STAFF = (
    ABOUT_OWN_DEALS
    | crossing_training.NOT_DONE_BY_STAFF
    | {
        "contacts.own_service.change_colleague",
        "contacts.own_service.disable_colleague",
        "contacts.own_service.end_session",
        "contacts.own_service.resend_invite",
        "contacts.service.make_reseller",
        "meetings.actions.mark_own_done",
        "vault.fetching.fetch_own",
        "vault.fetching.fetch_shared",
        "library.fetching.fetch_own",
        "nda.recording.record_paper",
        "proposals.service.discard_draft",
        "questions.answering.assign",
        "questions.answering.set_due",
        "questions.asking.follow_up",
        "questions.fetching.fetch",
        "questions.fetching.fetch_own",
        "demo.reset.reset_partner_test_data",
    }
)
"""Those of contacts and of a room's guests are for themselves; the partner is a reseller already; the NDA is valid
still, the draft was published before, and the partner is none of the demo's."""
