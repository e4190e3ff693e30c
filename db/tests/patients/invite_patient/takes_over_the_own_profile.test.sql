-- Test: invite_patient - a patient takes over the own profile with the invited address, and nobody else's. FND-07, FND-32.
begin;
select plan(46);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('bianca', 'billing');
select tests.patient('ana', account => false, email => 'familie@people.test');
select tests.patient('matei', account => false, email => 'familie@people.test');
select tests.patient('carmen', account => false, birth_date => '2015-01-01', email => 'familie@people.test');
select tests.patient('silent', account => false), tests.patient('ageless', account => false, birth_date => null, email => 'ageless@people.test');
select tests.patient('bogdan');
select tests.person('ana''s account', email => 'familie@people.test');
select tests.person('corina');
select tests.caregiver('corina', 'matei');
create function pg_temp.invite(patient text, email text default null) returns uuid language sql as $$
  select (app_public.invite_patient(tests.id('atlas'), tests.id(patient), email)).id;
$$;
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
select tests.act_as('flavia');
select tests.remember('to ana', pg_temp.invite('ana'));
select is((select (kind, email, name, patient_profile_id)::text from app_public.invitations), format('(patient,familie@people.test,"Ana Popescu",%s)', tests.id('ana')), 'what the clinic has on file');
select tests.act_as('bianca');
select is((select count(*) from app_public.invitations), 0::bigint, 'billing does not read it');
select * from tests.refuses($$select pg_temp.invite('silent', 'x@people.test')$$, 'FORBIDDEN', 'permission_missing', 'and invites nobody');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.invite_patient(tests.id('boreal'), tests.id('ana'), 'beata@people.test')$$, 'NOT_FOUND', 'patient_not_found', 'another clinic does not hand her out');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.invite('carmen')$$, 'VALIDATION', 'too_young_for_own_account', 'a child has caregivers');
select lives_ok($$select pg_temp.invite('ageless')$$, 'and whose age nobody knows says it with the acceptance');
select * from tests.refuses($$select pg_temp.invite('bogdan', 'flavia@people.test')$$, 'CONFLICT', 'profile_has_an_account', 'who has an account is nobody''s to hand on');
select tests.act_as('the database');
update app_public.humans set closed_at = now() where email = 'bogdan@people.test';
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.invite('bogdan', 'flavia@people.test')$$, 'CONFLICT', 'profile_has_an_account', 'who had one neither');
select * from tests.refuses($$select pg_temp.invite('silent')$$, 'VALIDATION', 'required', 'without an address there is no invitation');
select * from tests.refuses($$select pg_temp.invite('ana')$$, 'CONFLICT', 'already_invited', 'once is enough');
select isnt(pg_temp.invite('matei'), null, 'of two who share an address each is invited');
select tests.act_as('corina');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to ana'))$$, 'NOT_FOUND', 'invitation_not_found', 'a stranger takes over nothing');

select tests.act_as('ana''s account');
select is((select array_agg(kind || ' ' || clinic_name) from app_public.my_invitations()), '{patient Atlas,patient Atlas}', 'the owner of the address reads both');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to ana'))$$, 'CONFLICT', 'person_unclear', 'but who is called otherwise takes over nothing by the address alone');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to ana'), 'Matei', 'Popescu')$$, 'CONFLICT', 'person_unclear', 'nor does who says another name of the family');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to ana'), 'Ana')$$, 'CONFLICT', 'person_unclear', 'nor half of the name');
select is(pg_temp.missing($$select app_public.accept_invitation(tests.id('to ana'), 'Ana', 'Popa', '1980-05-17')$$), '{"facts": ["name"]}', 'what is missing is named, and a birthday does not stand in for a name');
select is(pg_temp.missing($$select app_public.accept_invitation(tests.id('to ana'), 'Ana', 'Popescu', '1981-05-17')$$), '{"facts": ["birthday"]}', 'of one name and another birthday it is the birthday');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to ana'), 'POPESCU', 'ana', '1980-05-17')$$, 'CONSENT_REQUIRED', 'terms_not_accepted', 'she accepts the clinic''s terms, too');
select is((app_public.accept_invitation(tests.id('to ana'), 'POPESCU', 'ana', '1980-05-17', tests.terms())).status, 'accepted', 'and accepts one, saying who she is as she likes to write it');
select is((select array_agg(id) from app_public.patient_profiles), array[tests.id('ana')], 'that chart is hers, the others are not');
select is((select (given_name, family_name)::text from app_public.patient_profiles), '(Ana,Popescu)', 'with the name it had');
select is((select display_name from app_public.me()), 'Ana''S Account', 'and hers is her own');

select tests.act_as('flavia');
select tests.remember('to corina', (app_public.invite_patient(tests.id('atlas'), tests.id('matei'), 'corina@people.test')).id);
select tests.act_as('corina');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to corina'))$$, 'CONFLICT', 'caregiver_is_not_the_patient', 'who cares for somebody is not them');
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where id = tests.id('matei at atlas');
select tests.act_as('ana''s account');
select * from tests.refuses($$select app_public.accept_invitation((select id from app_public.my_invitations()))$$, 'GONE', 'profile_is_gone', 'a patient whom the clinic removed is not taken over');

-- The name of the account is enough where it is the profile's, and a birthday that the account is known by counts.
select tests.act_as('the database');
select tests.patient('otto ene', account => false, birth_date => '1970-02-03'), tests.patient('otto junior', account => false, birth_date => '1999-02-03'),
       tests.person('otto', email => 'otto@people.test');
update app_public.humans set display_name = 'ENE, Ottó' where principal_id = tests.id('otto');
update app_public.patient_profiles set family_name = 'Ene' where id = tests.id('otto junior');
select tests.act_as('flavia');
select tests.remember('to otto', pg_temp.invite('otto ene', 'otto@people.test')), tests.remember('to his son', pg_temp.invite('otto junior', 'otto@people.test'));
select tests.act_as('otto');
select is((app_public.accept_invitation(tests.id('to otto'), accepted_version_ids => tests.terms())).status, 'accepted', 'whose account has the name need not say it');
select is(pg_temp.missing($$select app_public.accept_invitation(tests.id('to his son'))$$), '{"facts": ["birthday"]}', 'and is not the namesake who was born on another day');
select tests.act_as('the database');
select tests.patient('corina popescu', account => false);
select tests.act_as('flavia');
select tests.remember('to corina herself', pg_temp.invite('corina popescu', 'corina@people.test'));
select tests.act_as('corina');
select is((app_public.accept_invitation(tests.id('to corina herself'), 'Corina', 'Popescu', accepted_version_ids => tests.terms())).status, 'accepted', 'who cares for somebody else takes over her own');

-- What happened to the profile since.
select tests.act_as('the database');
select tests.freeze_time('2027-03-03 08:00+02');
select tests.patient('otto taken', account => false, birth_date => '1970-02-03'), tests.patient('otto moved', account => false, birth_date => '1970-02-03');
update app_public.patient_profiles set family_name = 'Ene' where id in (tests.id('otto taken'), tests.id('otto moved'));
select tests.act_as('flavia');
select tests.remember('to one taken', pg_temp.invite('otto taken', 'otto@people.test')), tests.remember('to one who moved', pg_temp.invite('otto moved', 'otto@people.test'));
select tests.act_as('the database');
update app_public.patient_profiles set human_id = tests.id('corina') where id = tests.id('otto taken');
select tests.admitted(tests.id('boreal'), tests.id('otto moved'));
update app_public.patients set deleted_at = now() where id = tests.id('otto moved at atlas');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to one taken'))$$, 'GONE', 'profile_is_gone', 'it is somebody''s by now');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to one who moved'))$$, 'GONE', 'profile_is_gone', 'or a patient of another clinic alone');
select * from finish();
rollback;
