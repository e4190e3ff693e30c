-- Test: revoke_caregiver - the caregiver, the person and the clinic can end a link; nobody else. FND-07.
begin;
select plan(23);
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('stefan', 'specialist');
select tests.patient('ana');
select tests.caregiver('corina', 'ana', 'spouse');
select tests.caregiver('daria', 'ana', 'child');
select tests.caregiver('emil', 'ana', 'other');
select tests.person('a stranger');
select tests.patient('bogdan');
select tests.patient('dora', clinic => 'boreal', account => false);
select tests.admitted(tests.id('boreal'), tests.id('ana'));
update app_public.patients set deleted_at = now() where organization_id = tests.id('boreal') and patient_profile_id = tests.id('ana');

select r.* from unnest('{filip,bogdan,a stranger}'::text[]) p,
  lateral (select tests.act_as(p)) as a,
  lateral tests.refuses($$select app_public.revoke_caregiver(tests.id('corina for ana'))$$, 'NOT_FOUND', 'caregiver_not_found', p || ' finds no such link') r;
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.revoke_caregiver(tests.id('corina for ana'))$$, 'NOT_FOUND', 'caregiver_not_found', 'a specialist does not manage patients');
select tests.act_as('daria');
select * from tests.refuses($$select app_public.revoke_caregiver(tests.id('corina for ana'))$$, 'NOT_FOUND', 'caregiver_not_found', 'a caregiver does not end another''s link');
select * from tests.refuses($$select app_public.revoke_caregiver(uuidv7())$$, 'NOT_FOUND', 'caregiver_not_found', 'an unknown link is answered alike');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.revoke_caregiver(uuidv7())$$, '42501', null, 'a visitor cannot call it');

select tests.act_as('corina');
select isnt((app_public.revoke_caregiver(tests.id('corina for ana'))).revoked_at, null, 'the caregiver ends the own link');
select is((select count(*) from app_public.patient_profiles), 0::bigint, 'and sees nobody');
select * from tests.refuses($$select app_public.revoke_caregiver(tests.id('corina for ana'))$$, 'NOT_FOUND', 'caregiver_not_found', 'once');
select tests.act_as('ana');
select isnt((app_public.revoke_caregiver(tests.id('daria for ana'))).revoked_at, null, 'the person ends a link');
select tests.act_as('flavia');
select isnt((app_public.revoke_caregiver(tests.id('emil for ana'))).revoked_at, null, 'so does the clinic');
select tests.act_as('daria');
select is((select count(*) from app_public.patient_profiles), 0::bigint, 'daria sees nobody');
select tests.act_as('emil');
select is((select count(*) from app_public.patient_profiles) + (select count(*) from app_public.patients), 0::bigint, 'nor does emil');
select throws_ok($$update app_public.caregivers set revoked_at = null$$, '42501', null, 'who cannot take it back');
select * from finish();
rollback;
