//! What every engine of [`Store`] does, as functions over an empty store.
//!
//! An engine's own test file calls [`conformance_suite!`] with a function that
//! opens an empty store and answers it with whatever keeps it alive, or `None`
//! after saying why the engine is not there.

pub(crate) mod accounts;
pub(crate) mod documents;
pub(crate) mod idempotency;
pub(crate) mod jobs;
pub(crate) mod lists;
pub(crate) mod races;
pub(crate) mod revisions;
pub(crate) mod series;
pub(crate) mod transitions;
pub(crate) mod world;

/// One test for each function of the suite.
#[macro_export]
macro_rules! conformance_suite {
    ($open:path) => {
        $crate::conformance_suite! { $open;
            accounts: notes_are_replaced, are_listed_oldest_first, keys_find_their_account,
                a_key_has_one_account, unknown_accounts_are_refused,
                an_issuer_put_twice_is_one, issuers_are_apart_by_account,
                issuers_are_listed_oldest_first, settings_change_at_once,
                settings_of_another_account_are_refused,
                a_certificate_added_twice_is_one, certificates_come_newest_first,
                certificates_are_apart_by_account;
            documents: reads_back_whole, reads_back_strange_texts, large_bytes_read_back,
                the_number_is_taken_before_the_key, a_key_is_taken_everywhere,
                numbers_count_apart, accepted_again_names_itself,
                a_refused_one_leaves_nothing, an_issuer_of_another_account_is_refused,
                nothing_crosses_accounts;
            transitions: change_what_they_name, leave_what_they_do_not_name,
                a_stale_one_changes_nothing, an_unknown_document_is_stale,
                a_stored_part_is_never_overwritten, a_part_given_twice_is_refused,
                submissions_are_counted,
                long_evidence_is_cut, the_last_event_tells_the_stage;
            revisions: start_afresh, keep_the_bytes_before, may_keep_number_and_key,
                may_change_number_and_key, do_not_take_what_others_have,
                a_stale_one_changes_nothing, are_refused_to_other_accounts,
                an_authorized_document_stays, the_type_stays;
            jobs: come_oldest_first, carry_their_document, wait_until_they_are_due,
                a_lease_keeps_others_away, a_renewed_lease_keeps_others_away,
                a_clock_set_back_keeps_nothing_waiting, a_lease_taken_over_is_not_renewed, what_is_not_leased_is_not_renewed,
                attempts_count_since_the_last_transition,
                done_is_gone, run_at_ends_the_lease, keep_lease_keeps_it,
                a_transition_may_bring_one_back, release_gives_back_ones_own,
                the_next_run_skips_leased, depth_counts_and_dates, accounts_take_turns,
                who_holds_much_gets_less, lanes_are_claimed_apart,
                sending_and_asking_alternate, the_next_run_is_after_what_is_due,
                unsettled_ones_are_told_by_issuer, the_newest_change_is_known;
            idempotency: a_repeated_acceptance_stores_nothing, answers_read_back,
                keys_are_apart_by_account, a_refused_document_leaves_the_key_free,
                bad_keys_are_refused, an_expired_key_is_free, expired_answers_are_forgotten,
                a_repeated_revision_changes_nothing, a_stale_revision_leaves_the_key_free,
                many_at_once_store_one, one_request_many_times_is_repeated;
            series: count_from_one, count_apart, go_on_after_what_is_stored,
                go_on_after_what_was_set, never_go_below_what_is_stored, come_to_an_end,
                belong_to_the_account, are_listed_in_order, hand_out_each_number_once,
                reserved_numbers_can_be_used;
            lists: show_each_document, come_newest_first, go_on_where_they_ended,
                stay_in_place_while_documents_come, each_filter_restricts,
                filters_hold_together, words_find_documents, stages_find_documents,
                nothing_crosses_accounts, follow_revisions, follow_transitions,
                bad_days_are_refused, pages_are_as_long_as_asked, all_are_found_while_taken_in;
            races: one_number_is_stored_once, one_key_is_stored_once,
                one_version_moves_once, one_version_is_revised_once,
                one_job_has_one_owner, one_issuer_is_put_once,
                failures_leave_the_others_alone;
        }
    };
    ($open:path; $($module:ident: $($name:ident),+;)+) => {
        $(mod $module {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some((store, _alive)) = $open() else { return };
                $crate::conformance::$module::$name(store).await;
            })+
        })+
    };
}
