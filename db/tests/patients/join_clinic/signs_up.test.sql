-- Test: join_clinic - somebody signs up at a clinic that is open, accepts its terms in the same transaction, and is looked for by nothing that they say. FND-32, FND-14.
begin;
select plan(43);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('draft', draft => true);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('registered', account => false, email => 'nora@people.test', birth_date => '1990-01-01');
update app_public.patient_profiles set given_name = 'Nora', family_name = 'Ene' where id = tests.id('registered');
select tests.patient('otto elsewhere', account => false, email => 'other@old.test', birth_date => '1970-02-03');
update app_public.patient_profiles set given_name = 'Otto', family_name = 'Ene' where id = tests.id('otto elsewhere');
select tests.person('nora'), tests.person('otto'), tests.person('mia'), tests.person('silent'), tests.person('mallory');
update app_public.humans set email_verified_at = null where principal_id = tests.id('silent');
update app_public.humans set locale = 'en' where principal_id = tests.id('otto');

create function pg_temp.missing(statement text) returns jsonb language plpgsql as $$
declare v_detail text;
begin
  execute statement;
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail::jsonb;
end;
$$;
create function pg_temp.told() returns text[] language sql security definer as $$
  select coalesce(array_agg(name order by position), '{}') from app_private.events where name like 'patient.%';
$$;

select tests.act_as('silent');
select * from tests.refuses($$select app_public.join_clinic(tests.id('atlas'), tests.terms(), 'S', 'T', '1980-01-01')$$, 'FORBIDDEN', 'email_not_verified', 'an account without a proved address signs up nowhere');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.join_clinic(tests.id('draft'), tests.terms(), 'Otto', 'Ene', '1970-02-03')$$, 'NOT_FOUND', 'organization_not_found', 'a draft takes nobody');
select * from tests.refuses($$select app_public.join_clinic(tests.id('atlas'), tests.terms(), 'Otto', ' ', '1970-02-03')$$, 'VALIDATION', 'required', 'a name is needed');
select * from tests.refuses($$select app_public.join_clinic(tests.id('atlas'), tests.terms(), 'Otto', 'Ene')$$, 'VALIDATION', 'required', 'and a birthday, for the age');
select * from tests.refuses($$select app_public.join_clinic(tests.id('atlas'), tests.terms(), 'Otto', 'Ene', '2027-03-02')$$, 'VALIDATION', 'not_born_yet', 'that has been');
select * from tests.refuses($$select app_public.join_clinic(tests.id('atlas'), tests.terms(), 'Otto', 'Ene', '2011-03-02')$$, 'VALIDATION', 'too_young_for_own_account', 'a day short of sixteen');
select * from tests.refuses($$select app_public.join_clinic(tests.id('atlas'), tests.terms(), 'Otto', 'Ene', '1970-02-03', '12')$$, 'VALIDATION', null, 'a number that is none');
select * from tests.refuses($$select app_public.join_clinic(tests.id('atlas'), '{}', 'Otto', 'Ene', '1970-02-03')$$, 'CONSENT_REQUIRED', 'terms_not_accepted', 'without the terms nobody becomes a patient');
select is(pg_temp.missing($$select app_public.join_clinic(tests.id('atlas'), array[tests.version_id('org_terms')], 'Otto', 'Ene', '1970-02-03')$$) #>> '{missing,0,purpose}', 'platform_terms', 'and what is missing is named');
select * from tests.refuses($$select app_public.join_clinic(tests.id('atlas'), null, 'Otto', 'Ene', '1970-02-03')$$, 'CONSENT_REQUIRED', 'terms_not_accepted', 'nothing is not yes');

-- Otto is registered with another address; that tells nobody anything, and makes no difference.
select isnt((select id from app_public.join_clinic(tests.id('atlas'), tests.terms(), 'Otto', 'Ene', '1970-02-03', '0722 555 666')), null, 'with all that he is a patient');
select is((select array_agg((given_name, family_name, email, phone, birth_date, locale)::text) from app_public.patient_profiles), '{"(Otto,Ene,otto@people.test,+40722555666,1970-02-03,en)"}', 'with what he said, his proved address and his language');
select is(pg_temp.told(), '{patient.onboarded,patient.profile_completed}', 'which is told, and that nothing is missing');
select isnt((select profile_completed_at from app_public.patients), null, 'as the row says, too');
select is((select id from app_public.join_clinic(tests.id('atlas'), '{}', 'Otto', 'Ene', '1970-02-03')), (select id from app_public.patients), 'once more he is the same patient');
select is((select count(*) from app_public.patient_profiles), 1::bigint, 'with one profile');
select is(pg_temp.told(), '{patient.onboarded,patient.profile_completed}', 'and nothing is told twice');
select tests.act_as('the database');
select is((select array_agg(purpose_code || ' ' || source || ' ' || (decided_by = tests.id('otto')) order by purpose_code) from app_public.consents), '{"org_terms self true","platform_terms self true"}', 'what he accepted stands in the ledger once');
select is((select human_id from app_public.patient_profiles where id = tests.id('otto elsewhere')), null, 'whom front desk registered stays nobody''s');
select tests.act_as('flavia');
select ok((select count(*) from app_public.likely_duplicates(tests.id('atlas'))) > 0, 'and front desk sees who may be twice');

-- Nora's address is proved, and the clinic has her under it: signing up is claiming.
select tests.act_as('mallory');
select isnt((select id from app_public.join_clinic(tests.id('atlas'), tests.terms(), 'Nora', 'Ene', '1990-01-01')), null, 'somebody of her name and birthday');
select tests.act_as('the database');
select is((select human_id from app_public.patient_profiles where id = tests.id('registered')), null, 'takes over nothing');
select tests.act_as('nora');
select is((select patient_profile_id from app_public.join_clinic(tests.id('atlas'), tests.terms(), 'ENE', 'nora', '1990-01-01')), tests.id('registered'), 'she gets the record that the clinic has');
select tests.act_as('the database');
select is((select count(*) from app_private.events where name = 'patient.onboarded'), 2::bigint, 'nobody is onboarded who is a patient already');

-- A profile of one's own goes along to another clinic, and nobody else's does.
select tests.act_as('otto');
select * from tests.refuses($$select app_public.join_clinic(tests.id('boreal'), tests.terms(), patient_profile_id => tests.id('registered'))$$, 'NOT_FOUND', 'patient_not_found', 'somebody else''s is not there');
select is((select patient_profile_id from app_public.join_clinic(tests.id('boreal'), tests.terms(), patient_profile_id => (select id from app_public.patient_profiles))), (select id from app_public.patient_profiles), 'his own is');
select is((select count(*) from app_public.patients), 2::bigint, 'at two clinics');
select is((select count(*) from app_public.consents where organization_id is null), 1::bigint, 'the platform''s terms are accepted once');

-- Whom the clinic removed may come back by themselves, and finds what was there.
select tests.act_as('flavia');
select isnt((select app_public.remove_patient(tests.id('registered at atlas'))), null, 'the clinic removes her');
select tests.act_as('nora');
select is((select count(*) from app_public.patients), 0::bigint, 'she is no patient');
select is((select id from app_public.join_clinic(tests.id('atlas'), tests.terms())), tests.id('registered at atlas'), 'she signs up again');
select is((select count(*) from app_public.patients), 1::bigint, 'and is the same patient');

-- At a clinic that asks for less, or for an address alone.
select tests.act_as('beata');
update app_public.organizations set required_profile_fields = '{email}' where id = tests.id('boreal');
select tests.act_as('mia');
select isnt((select profile_completed_at from app_public.join_clinic(tests.id('boreal'), tests.terms(), 'Mia', 'Pop', '1999-01-01')), null, 'the answer says that nothing is missing');
select * from finish();
rollback;
