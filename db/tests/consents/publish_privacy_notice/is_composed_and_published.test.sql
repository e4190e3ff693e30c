-- Test: publish_privacy_notice - the newest template with the sections switched on, as a version that nobody changes; drafts stay out of production; patients who accepted an earlier one are told. FND-19.
begin;
select plan(25);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
update app_public.organizations set name = 'Atlas', street = 'Str. Lungă 1', city = 'Cluj', contact_email = 'hello@atlas.test', contact_phone = null where id = tests.id('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan');
select set_config('app.mode', 'embedded', true);
create function pg_temp.publish(sections text[] default '{}', asks_again boolean default true) returns app_public.consent_purpose_versions language sql as $$
  select app_public.publish_privacy_notice(tests.id('atlas'), sections, asks_again);
$$;
select tests.act_as('adrian');
select tests.remember('first', (pg_temp.publish()).id);
select results_eq($$select number, is_required, notice_template, notice_sections, position('Atlas, Str. Lungă 1, Cluj, is the controller' in body_en) > 0, position('hello@atlas.test' in body_ro) > 0, body_ro ~ '\{\{', body_ro ~ 'alte țări' from app_public.consent_purpose_versions where id = tests.id('first')$$,
  $$values (1, true, 1, '{}'::text[], true, true, false, false)$$, 'what is always there, with the clinic''s own data');
select is((pg_temp.publish()).id, tests.id('first'), 'the same notice again is no version');
select tests.act_as('the database');
select is(tests.events_of(tests.id('first')), '{privacy_notice.published}', 'it is told of once');
select app_private.messages_about_privacy_notice(e) from app_private.events e where e.subject_id = tests.id('first');
select is((select count(*) from app_public.messages), 0::bigint, 'to nobody, while nobody has accepted one');
select tests.consent('ana', 'privacy_notice');
select tests.act_as('ana');
select results_eq($$select state, must_accept from app_public.my_consents() where purpose_code = 'privacy_notice'$$, $$values ('granted', false)$$, 'it was accepted');
select tests.act_as('adrian');
select tests.remember('second', (pg_temp.publish('{cross_border_transfer,cross_border_transfer}', false)).id);
select results_eq($$select number, notice_sections, body_ro ~ 'alte țări', body_en ~ 'other countries' from app_public.consent_purpose_versions where id = tests.id('second')$$,
  $$values (2, '{cross_border_transfer}'::text[], true, true)$$, 'a section that is switched on makes another version');
select tests.act_as('ana');
select results_eq($$select state, must_accept from app_public.my_consents() where purpose_code = 'privacy_notice'$$, $$values ('granted', false)$$, 'which gives notice, and asks nobody again');
select tests.act_as('the database');
select app_private.messages_about_privacy_notice(e) from app_private.events e where e.subject_id = tests.id('second');
select results_eq($$select distinct template_key, patient_profile_id from app_public.messages$$, $$select 'privacy_notice_changed', tests.id('ana')$$, 'who accepted the earlier one is told, and nobody else');
select tests.act_as('adrian');
select is((pg_temp.publish('{}', true)).number, 3, 'switched off again');
select tests.act_as('ana');
select results_eq($$select state, must_accept from app_public.my_consents() where purpose_code = 'privacy_notice'$$, $$values ('older_version', true)$$, 'asks for acceptance');

select tests.act_as('adrian');
select * from tests.refuses($$select pg_temp.publish('{rights}')$$, 'VALIDATION', 'notice_section_unknown', 'what is always there is not switched on');
select * from tests.refuses($$select pg_temp.publish('{cross_border_transfer,jokes}')$$, 'VALIDATION', 'notice_section_unknown', 'nor what is not there');
select set_config('app.mode', m, true), tests.refuses($$select pg_temp.publish('{cross_border_transfer}')$$, 'STATE', 'privacy_notice_is_draft', 'a draft is not published where the mode is "' || m || '"')
from unnest('{production,""}'::text[]) m;
select tests.act_as('the database');
select set_config('app.mode', 'production', true);
update app_public.privacy_notice_templates set readiness = 'production_ready', confirmed_by = 'Counsel';
select tests.act_as('adrian');
select is((pg_temp.publish('{cross_border_transfer}')).number, 4, 'what counsel has confirmed is published in production');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.publish()$$, 'FORBIDDEN', 'permission_missing', 'a colleague who may not');
select * from tests.refuses($$select app_public.publish_privacy_notice(tests.id('boreal'), '{}', true)$$, 'NOT_FOUND', 'not_found', 'at another clinic');
select tests.act_as('the database');
select * from tests.breaks($$update app_public.privacy_notice_templates set confirmed_by = null$$, 'privacy_notice_templates_are_ready_when_confirmed', 'who confirmed it is said');
select * from tests.breaks($$update app_public.privacy_notice_templates set readiness = 'draft'$$, 'privacy_notice_templates_are_ready_when_confirmed', 'and a draft is confirmed by nobody');
select * from tests.refuses($$update app_public.consent_purpose_versions set body_ro = 'Altceva' where id = tests.id('first')$$, 'IMMUTABLE', 'consent_version_is_immutable', 'a published notice stays as it is');
select * from finish();
rollback;
