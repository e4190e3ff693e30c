-- The fields of a patient that every clinic has. SEG-02, SEG-05. p is the patient with the person, $1 the clinic; {today} and
-- {zone} are the clinic's, {now} the present. A new source, such as adherence, is a record here and its row in rule_sources:
-- the compiler needs no change. The subscription is the one that is live.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": null}', rows => '
code: profile.age
position: 1
type: number
label_en: Age
label_ro: Vârsta
source: profile
permission: patients.view
cost: 0
value_sql: case when p.birth_date <= {today} then extract(year from age({today}::timestamp, p.birth_date::timestamp)) end
turns_sql: case when p.birth_date > {today} then p.birth_date else greatest((p.birth_date + make_interval(years => extract(year from age({today}::timestamp, p.birth_date::timestamp))::int + 1))::date, {today} + 1) end::timestamp at time zone {zone}
==========
code: profile.birth_date
position: 2
type: date
label_en: Date of birth
label_ro: Data nașterii
source: profile
permission: patients.view
cost: 0
value_sql: p.birth_date
==========
code: profile.days_to_birthday
position: 3
type: number
label_en: Days until the birthday
label_ro: Zile până la ziua de naștere
source: profile
permission: patients.view
cost: 0
value_sql: case when p.birth_date <= {today} then (p.birth_date + make_interval(years => extract(year from {today})::int - extract(year from p.birth_date)::int + case when (p.birth_date + make_interval(years => extract(year from {today})::int - extract(year from p.birth_date)::int))::date < {today} then 1 else 0 end))::date - {today} end
turns_sql: case when p.birth_date is not null then ({today} + 1)::timestamp at time zone {zone} end
==========
code: profile.given_name
position: 4
type: text
label_en: Given name
label_ro: Prenume
source: profile
permission: patients.view
cost: 0
value_sql: p.given_name
==========
code: profile.family_name
position: 5
type: text
label_en: Family name
label_ro: Nume de familie
source: profile
permission: patients.view
cost: 0
value_sql: p.family_name
==========
code: profile.email
position: 6
type: text
label_en: E-mail address
label_ro: Adresă de e-mail
source: profile
permission: patients.view
cost: 0
value_sql: p.email
==========
code: profile.has_phone
position: 7
type: boolean
label_en: Has a phone number
label_ro: Are număr de telefon
source: profile
permission: patients.view
cost: 0
value_sql: p.phone is not null
==========
code: profile.locale
position: 8
type: choice
label_en: Language
label_ro: Limba
source: profile
permission: patients.view
cost: 0
value_sql: p.locale
choices: [{"value": "ro", "ro": "română", "en": "Romanian"}, {"value": "en", "ro": "engleză", "en": "English"}]
==========
code: patient.created_at
position: 9
type: instant
label_en: Patient since
label_ro: Pacient din
source: patient
permission: patients.view
cost: 0
value_sql: p.created_at
==========
code: patient.profile_completed_at
position: 10
type: instant
label_en: Profile complete since
label_ro: Profil complet din
source: patient
permission: patients.view
cost: 0
value_sql: p.profile_completed_at
==========
code: patient.has_account
position: 11
type: boolean
label_en: Has an account
label_ro: Are cont
source: profile
permission: patients.view
cost: 0
value_sql: p.human_id is not null
==========
code: patient.has_open_plan
position: 12
type: boolean
label_en: Has an open plan
label_ro: Are un plan deschis
source: plans
permission: patient_plans.view
cost: 1
value_sql: exists (select from app_public.patient_service_plans as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and app_public.patient_service_plans_is_open(s))
turns_sql: (select min(least(case when v.starts_at > {now} then v.starts_at end, case when v.valid_until > {now} then v.valid_until end, (select min(turn.at) from app_public.patient_subscriptions as s cross join lateral (values (s.ends_at), (s.trial_ends_at)) as turn (at) where s.organization_id = $1 and s.id = v.source_tier_subscription_id and turn.at > {now}))) from app_public.patient_service_plans as v where v.organization_id = $1 and v.patient_profile_id = p.patient_profile_id and v.ended_at is null)
==========
code: subscription.tier
position: 13
type: choice
label_en: Subscription
label_ro: Abonament
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.tier_id::text from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices_of: patient_tiers
==========
code: subscription.status
position: 14
type: choice
label_en: State of the subscription
label_ro: Starea abonamentului
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.status from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices: [{"value": "pending", "ro": "în așteptare", "en": "pending"}, {"value": "trialing", "ro": "de probă", "en": "on trial"}, {"value": "active", "ro": "activ", "en": "active"}, {"value": "past_due", "ro": "plată restantă", "en": "payment awaited"}]
==========
code: subscription.billing_period
position: 15
type: choice
label_en: Billing period of the subscription
label_ro: Perioada de facturare a abonamentului
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.billing_period from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices: [{"value": "month", "ro": "lunar", "en": "monthly"}, {"value": "quarter", "ro": "trimestrial", "en": "quarterly"}, {"value": "year", "ro": "anual", "en": "yearly"}]
==========
code: subscription.since
position: 16
type: date
label_en: Subscribed since
label_ro: Abonat din
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.anchor_on from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
==========
code: subscription.ends_at
position: 17
type: instant
label_en: Subscription ends on
label_ro: Abonamentul se încheie în
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.ends_at from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
==========
code: treatment.adherence
position: 38
type: number
label_en: Adherence to treatment plans, in percent
label_ro: Aderența la planurile de tratament, în procente
source: treatment
permission: treatment_plans.view
cost: 1
value_sql: (select round(100.0 * count(*) filter (where s.status = ''completed'') / nullif(count(*), 0)) from app_public.patient_treatment_plans as t join app_public.patient_sessions as s on s.organization_id = t.organization_id and s.patient_treatment_plan_id = t.id where t.organization_id = $1 and t.patient_profile_id = p.patient_profile_id and t.status in (''active'', ''paused'') and not s.is_extra and (s.status in (''completed'', ''missed'') or s.status <> ''cancelled'' and s.due_on < least({today}, t.paused_on)))
turns_sql: (select (min(greatest(s.due_on, {today})) + 1)::timestamp at time zone {zone} from app_public.patient_treatment_plans as t join app_public.patient_sessions as s on s.organization_id = t.organization_id and s.patient_treatment_plan_id = t.id where t.organization_id = $1 and t.patient_profile_id = p.patient_profile_id and t.status = ''active'' and not s.is_extra and s.status in (''due'', ''started'') and s.due_on >= {today})
');
