-- Test: publish_consent_version - a clinic's own words count there, number by number, and make treatments of its own. FND-16, CNS-01.
begin;
select plan(33);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.patient('ana');
create function pg_temp.publish(purpose text, body text, title text default ' Unde de șoc ', asks_again boolean default true, at timestamptz default null, title_en text default null, body_en text default null)
returns app_public.consent_purpose_versions language sql as $$
  select app_public.publish_consent_version(tests.id('atlas'), purpose, title, body, title_en, body_en, asks_again, at);
$$;
select tests.act_as('adrian');
select results_eq($$select organization_id, purpose_code, number, is_required, asks_again, title_ro, in_force_from, published_by from pg_temp.publish('treatment_specific_shock', 'Sunt de acord.', asks_again => false)$$,
  $$select tests.id('atlas'), 'treatment_specific_shock', 1, false, true, 'Unde de șoc', app_hidden.now(), (select principal_id from tests.personas where name = 'adrian')$$,
  'the first words make the treatment, and ask whoever comes');
select results_eq($$select scope, legal_basis, is_withdrawable, is_medical, on_withdrawal, name, name_ro from app_public.consent_purposes where code = 'treatment_specific_shock'$$,
  $$values ('organization', 'consent', true, true, 'nothing', 'Unde de șoc', 'Unde de șoc')$$, 'which is medical, and rests on consent');
select results_eq($$select number, accepts_from from pg_temp.publish('treatment_specific_shock', 'Sunt de acord.')$$, 'values (1, 1)', 'the same words make no version');
select results_eq($$select number, accepts_from from pg_temp.publish('treatment_specific_shock', 'Sunt chiar de acord.', asks_again => false)$$, 'values (2, 1)', 'the next number; who accepted before is not asked');
select results_eq($$select number, accepts_from from pg_temp.publish('treatment_specific_shock', 'Sunt de acord.')$$, 'values (3, 3)', 'words of before are new again');
select is((pg_temp.publish('treatment_specific_shock', 'Sunt de acord.', title_en => 'Shock waves', body_en => 'I agree.')).number, 4, 'a translation is another version');
select results_eq($$select number, is_required from pg_temp.publish('org_terms', 'Alți termeni.')$$, 'values (1, true)', 'the clinic''s terms instead of the platform''s are required as these are');
select is((pg_temp.publish('org_terms', 'Termeni de mâine.', at => '2027-03-02 08:00+02')).number, 2, 'words may come into force later');
select * from tests.refuses($$select pg_temp.publish('org_terms', 'Vechi.', at => '2027-03-02 07:59+02')$$, 'VALIDATION', 'consent_version_too_early', 'not before those that are published');
select * from tests.refuses($$select pg_temp.publish('treatment_specific_shock', 'Vechi.', at => '2027-03-01 07:59+02')$$, 'VALIDATION', 'consent_version_too_early', 'nor in the past');
select is((pg_temp.publish('org_terms', 'Termeni de după.')).in_force_from, timestamptz '2027-03-02 08:00+02', 'what follows them follows in time');
select * from tests.refuses($$select pg_temp.publish('platform_terms', 'Ale mele.')$$, 'NOT_FOUND', 'consent_purpose_not_found', 'the platform''s own purposes are not a clinic''s');
select * from tests.refuses($$select pg_temp.publish('my_own_idea', 'Sunt de acord.')$$, 'NOT_FOUND', 'consent_purpose_not_found', 'nor are there others');
select * from tests.refuses($$select pg_temp.publish('privacy_notice', 'Sunt de acord.')$$, 'VALIDATION', 'notice_has_a_template', 'the privacy notice has a way of its own');
select * from tests.breaks($$select pg_temp.publish('treatment_specific_Shock', 'Sunt de acord.')$$, 'consent_purposes_code_is_a_slug', 'a code is a slug');
select * from tests.breaks($$select pg_temp.publish('org_terms', ' ')$$, 'consent_versions_body_ro_is_not_blank', 'no words');
select * from tests.breaks($$select pg_temp.publish('org_terms', repeat('x', 50001))$$, 'consent_versions_body_ro_is_at_most_50000_characters_long', 'too many');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.publish('org_terms', 'Ai mei.')$$, 'FORBIDDEN', 'permission_missing', 'a colleague who may not');
select tests.act_as('beata');
select * from tests.refuses($$select pg_temp.publish('org_terms', 'Ai mei.')$$, 'NOT_FOUND', 'not_found', 'another clinic');
select is((select count(*) from app_public.consent_purposes where code = 'treatment_specific_shock'), 0::bigint, 'which does not see the treatment');
select tests.act_as('the database');
select results_eq($$select (app_private.current_consent_version(tests.id(c), 'org_terms')).organization_id is null from unnest('{atlas,boreal}'::text[]) c$$, 'values (false), (true)', 'the words count at the clinic alone');
select is((select bool_and(content_hash = sha256(convert_to(jsonb_build_array(title_ro, body_ro, title_en, body_en)::text, 'UTF8'))) from app_public.consent_purpose_versions), true, 'every version has the sum of its words');
select is((select count(*) from app_public.consent_purposes p where organization_id is null and p.id <> (
  overlay(overlay(left(encode(sha256(convert_to('app_public.consent_purposes/' || p.code, 'UTF8')), 'hex'), 32) placing '8' from 13) placing '8' from 17))::uuid), 0::bigint, 'the platform''s have the same ids everywhere');
select * from finish();
rollback;
