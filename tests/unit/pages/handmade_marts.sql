-- Marts with figures written by hand, and two tables that must never be published.
create schema marts; create schema restricted; create schema core;
create table core.dim_accounts as select 'a' as account_id;
create table restricted.dim_people as select 'p' as person_key;
create table marts.impact_customer_education as
select 'halden' as company_id, 'Do customers we train stay longer?' as question, *, timestamp '2026-12-01 01:00' as as_of_at
from (values 
    ('churn', 'any', 'person_time', true, .66, .54, .82, .46, .40, .53, 'rate_ratio', 840, 918, 1758, 515, 1.02, .95, 1.09, 7.1, 4.0, 10.2, '', 'reads', 'associated', null),
    ('churn', 'share', 'person_time', false, .70, .56, .88, .50, .43, .58, 'rate_ratio', 640, 1118, 1758, 515, 1.01, .94, 1.10, 6.0, 2.4, 9.1, '', 'reads', 'associated', null),
    ('churn', 'certified', 'person_time', false, null, null, null, .5, .4, .6, 'rate_ratio', 20, 1700, 1720, 8, null, null, null, null, null, null, '', 'too_few', 'withheld', 'fewer than 50 accounts or 10 leavers on one side'),
    ('how_to_tickets', 'any', 'own_baseline', true, .78, .70, .87, 1.31, 1.22, 1.4, 'rate_ratio', 612, 900, 1512, 9000, .99, .93, 1.06, null, null, null, '', 'reads', 'supported', null),
    ('defect_tickets', 'any', 'own_baseline', false, .99, .93, 1.06, 1.11, 1.02, 1.2, 'rate_ratio', 612, 900, 1512, 4000, null, null, null, null, null, null, '', 'reads', 'associated', null)
) as t (outcome, definition, method, is_headline, estimate, ci_low, ci_high, naive_estimate, naive_ci_low, naive_ci_high, unit, n_treated, n_control, n_units, n_events, negative_control_estimate, negative_control_low,
    negative_control_high, more_stay_per_100, more_stay_per_100_low, more_stay_per_100_high, failed_checks, state, tier, withheld_reason);
create table marts.impact_account_owner_training as
select 'halden' as company_id, * from (values ('churn', 'owner', 'person_time', true, .9, .7, 1.16, .8, .7, .9, 'rate_ratio', 500, 700, 1200, 500, '', 'reads', 'associated', null))
    as t (outcome, definition, method, is_headline, estimate, ci_low, ci_high, naive_estimate, naive_ci_low, naive_ci_high, unit, n_treated, n_control, n_units, n_events, failed_checks, state, tier, withheld_reason);
create table marts.impact_pilot_effects as
select 'halden' as company_id, 'discovery-calls' as pilot_id, 'Discovery calls' as pilot_name, 'win_rate' as outcome, is_headline, horizon_days,
    cast(null as double) as estimate, cast(null as double) as ci_low, cast(null as double) as ci_high, 12 as n_treated, 12 as n_control,
    .09 as detectable_effect, .03 as minimum_effect, due_at, '' as failed_checks, 'not_due' as state, 'withheld' as tier,
    'the horizon has not passed for nine of ten teams' as withheld_reason
from (values (false, 30, timestamp '2026-12-03'), (true, 90, timestamp '2027-02-01')) as t (is_headline, horizon_days, due_at);
create table marts.impact_account_months as
select 'halden' as company_id, 'acc' || i as account_id, month_start, i % 3 = 0 as is_trained_any, false as is_churned, 10 as paid_seats,
    1.0 as exposure_months, 2 as tickets_how_to
from range(900) as t (i), (values (date '2026-10-01'), (date '2026-11-01')) as m (month_start);
create table marts.application_ticket_handling_effects as
select 'halden' as company_id, * from (values
    ('all', 'resolution_hours_saved', true, 1.1, .4, 1.8, -.6, -.9, -.3, 'hours', 38, 41, '', 'reads', 'supported', null),
    ('billing', 'resolution_hours_saved', false, 1.6, .6, 2.6, -.2, -.9, .5, 'hours', 14, 41, '', 'reads', 'supported', null),
    ('reporting', 'resolution_hours_saved', false, .3, -.9, 1.5, -.2, -.9, .5, 'hours', 12, 41, '', 'reads', 'associated', null),
    ('integrations', 'resolution_hours_saved', false, null, null, null, .1, -.9, .5, 'hours', 6, 41, '', 'too_few', 'withheld', 'fewer than ten agents on one side'))
    as t (ticket_category, outcome, is_headline, estimate, ci_low, ci_high, naive_estimate, naive_ci_low, naive_ci_high, unit, n_treated, n_control,
    failed_checks, state, tier, withheld_reason);
create table marts.application_time_to_competency as
select 'halden' as company_id, *, 90 as horizon_days from (values
    ('All roles', 'all', .45, .39, .51, 117, 260, 'reads', 96, 61.2), ('Support Agent', 'all', .52, .43, .61, 62, 120, 'reads', 88, 58.0),
    ('Engineer', 'all', .38, .30, .47, 53, 140, 'reads', 110, 66.0), ('Engineer', '2026-Q4', null, null, null, null, null, 'not_due', null, null))
    as t (role_title, start_quarter, competent_by_horizon, competent_by_horizon_low, competent_by_horizon_high, competent_by_horizon_n,
    competent_by_horizon_denominator, competent_by_horizon_state, median_days_if_staying, trap_mean_days_of_finishers);
create table marts.application_onboarding_cohorts as
select 'halden' as company_id, * from (values (date '2026-09-01', 'All roles', 20, 30, 'reads'), (date '2026-10-01', 'All roles', 14, 22, 'reads'),
    (date '2026-11-01', 'All roles', null, null, 'not_due'))
    as t (hire_month, role_title, first_win_14_days_n, first_win_14_days_denominator, first_win_14_days_state);
create table marts.application_checkin_months as
select 'halden' as company_id, * from (values (date '2026-10-01', 'All departments', .39, .36, .42, 390, 1000, 'reads'),
    (date '2026-11-01', 'All departments', .41, .38, .44, 418, 1020, 'reads'), (date '2026-12-01', 'All departments', .9, .6, .98, 10, 11, 'reads'))
    as t (month_start, department, manager_asked, manager_asked_low, manager_asked_high, manager_asked_n, manager_asked_denominator, manager_asked_state);
create table marts.activity_program_funnel as
select 'halden' as company_id, 'c1' as course_id, '=SUM(A1)' as course_name, false as is_mandatory, date '2026-07-01' as cohort_month, 'employee' as audience,
    300 as completed_rate_n, 430 as completed_rate_denominator, 'reads' as completed_rate_state, 40 as never_started_rate_n, 430 as never_started_rate_denominator;
create table marts.governance_identity_coverage as
select 'halden' as company_id, 'absorb.users' as source, 'learner' as population, 9000 as identities, .968 as matched_rate, 'reads' as matched_rate_state, 6000 as matched_by_external_id,
    2712 as matched_by_email, 41 as ambiguous, 247 as unmatched, 288 as open_decisions;
create table marts.governance_source_coverage as
select 'halden' as company_id, 'absorb' as source_name, 'users' as stream_name, 1 as last_load_number;
create table restricted.activity_learner_weeks as
select 'halden' as company_id, 'p' || i as person_key, date '2026-11-23' - cast(7 * w as integer) as week_start, 'employee' as audience, (i + w) % 2 = 0 as is_active_beyond_mandatory,
    true as is_active
from range(60) as t (i), range(30) as u (w) where (i * 7 + w * 3) % 5 < 3;
