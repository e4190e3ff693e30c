-- Test: consents, consent_purpose_versions - nobody rewrites them, by any statement; a withdrawal is written once and stamped by the database. CNS-03, FND-16.
begin;
select plan(44);
select tests.clinic('atlas');
select tests.patient('ana'), tests.patient('bogdan');
select tests.remember('consent', tests.consent('ana', 'telemedicine')), tests.remember('refusal', tests.consent('ana', 'video_recording', 'refused'));
select tests.refuses(format('update app_public.consents set %I = %s where id = tests.id(''consent'')', c, v), 'IMMUTABLE', 'consent_is_immutable', c || ' stays')
from (values ('decision', '''refused'''), ('purpose_code', '''video_recording'''), ('decided_at', 'decided_at - interval ''1 s'''), ('source_form_id', 'gen_random_uuid()'),
             ('evidence_hash', 'sha256(''other'')'), ('decided_by', 'tests.id(''ana'')'), ('created_at', 'created_at + interval ''1 s''')) as change (c, v);
select * from tests.refuses('delete from app_public.consents', 'IMMUTABLE', 'consent_is_immutable', 'no row goes');
select * from tests.refuses('truncate app_public.consents cascade', 'IMMUTABLE', 'consent_is_immutable', 'nor all of them');
select * from tests.breaks($$update app_public.consents set withdrawn_at = now() where id = tests.id('refusal')$$, 'consents_only_what_was_granted_is_withdrawn', 'a refusal is not withdrawn');
update app_public.consents set withdrawn_at = '2020-01-01' where id = tests.id('consent');
select ok((select withdrawn_at >= now() from app_public.consents where id = tests.id('consent')), 'the database says when it was withdrawn');
select * from tests.refuses($$update app_public.consents set withdrawn_at = null where id = tests.id('consent')$$, 'IMMUTABLE', 'consent_is_immutable', 'a withdrawal is not taken back');
select * from tests.refuses($$update app_public.consents set withdrawn_at = now() + interval '1 day' where id = tests.id('consent')$$, 'IMMUTABLE', 'consent_is_immutable', 'nor dated anew');
select * from tests.refuses($$update app_public.consents set withdrawn_by = (select principal_id from tests.personas where name = 'ana') where id = tests.id('consent')$$, 'IMMUTABLE', 'consent_is_immutable', 'nor attributed');
select tests.act_as('the engine');
select * from tests.refuses($$update app_public.consents set decision = 'refused'$$, '42501', null, 'the engine has no right to rewrite');
select * from tests.refuses('delete from app_public.consents', '42501', null, 'nor to delete');
select tests.act_as('the owner');
select tests.changes_nothing($$update app_public.consents set decision = 'refused'$$, 'the owner sees none to rewrite');
select * from tests.refuses('delete from app_public.consents', 'IMMUTABLE', 'consent_is_immutable', 'nor may delete any');
select * from tests.refuses('truncate app_public.consents', 'IMMUTABLE', 'consent_is_immutable', 'nor truncate');
select * from tests.refuses($$update app_public.consent_purpose_versions set body_ro = 'Altceva'$$, 'IMMUTABLE', 'consent_version_is_immutable', 'published words stay');
select * from tests.refuses($$delete from app_public.consent_purpose_versions where purpose_code = 'analytics'$$, 'IMMUTABLE', 'consent_version_is_immutable', 'and none goes');
select * from tests.refuses('truncate app_public.consent_purpose_versions cascade', 'IMMUTABLE', 'consent_version_is_immutable', 'nor all');
select tests.act_as('the database');
select * from tests.refuses($$update app_public.consent_purpose_versions set is_required = not is_required$$, 'IMMUTABLE', 'consent_version_is_immutable', 'whoever writes');
select * from finish();
rollback;
