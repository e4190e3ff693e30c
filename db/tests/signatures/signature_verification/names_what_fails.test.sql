-- Test: signature_verification - says that a proof holds, and names each part that does not. CNS-07. Whoever breaks it here first takes the triggers away, as a superuser can.
begin;
select plan(24);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('alina', 'owner'), tests.staff('billing', 'billing');
select tests.patient('ioana'), tests.patient('vlad');
select tests.form_template('consent', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'drawn_kiosk');
select tests.form('form', 'ioana', 'consent'), tests.form('open', 'ioana', 'consent');
select tests.file('finding', 'forms', tests.id('form'), 'ioana');
select tests.signature_link('tablet', 'form', 'kiosk');
select tests.at_link('tablet');
select app_hidden.signing_door(), app_hidden.form_to_sign();
select app_hidden.sign_at_link('{"pain": "da"}', tests.text_hash('form'), 'ro', true, null, tests.png(), 4, 4, 'M0 0L1 1', 40, 40, null);
select tests.act_as('alina');
select results_eq($$select is_whole, parts, problems from app_public.signature_verification(tests.id('form'))$$, $$values (true, '{}'::text[], '{}'::text[])$$, 'it holds');
select tests.act_as('ioana');
select is((app_public.signature_verification(tests.id('form'))).is_whole, true, 'the patient asks, too');
select tests.act_as('vlad');
select * from tests.refuses($$select app_public.signature_verification(tests.id('form'))$$, 'NOT_FOUND', 'form_not_found', 'vlad sees no form');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.signature_verification(tests.id('form'))$$, 'NOT_FOUND', 'form_not_found', 'otto sees no form');
select tests.act_as('billing');
select * from tests.refuses($$select app_public.signature_verification(tests.id('form'))$$, 'NOT_FOUND', 'form_not_found', 'billing sees no form');
select tests.act_as('alina');
select * from tests.refuses($$select app_public.signature_verification(tests.id('open'))$$, 'STATE', 'not_signed', 'what is not signed has no proof');

select tests.act_as('the database');
create function pg_temp.broken(change text) returns text[] language plpgsql as $$
declare v_parts text[];
begin
  begin
    set local session_replication_role = replica;
    execute change;
    select array_agg(f.part order by f.part) into v_parts from app_private.signature_faults(tests.id('atlas'), tests.id('form')) f;
    raise exception 'taken back';
  exception when raise_exception then
    return v_parts;
  end;
end $$;
select is(pg_temp.broken(c), p, c) from (values
  ('update app_public.forms set answers = ''{"pain": "nu"}''', '{answers}'::text[]),
  ('update app_private.signature_documents set answers = ''{"pain":"nu"}''', '{answers}'),
  ('update app_public.forms set snapshot = ''{}''', '{content}'),
  ('update app_private.signature_documents set shown = shown || ''.''', '{text}'),
  ('update app_private.signature_documents set image = tests.png() || ''\x00''', '{image}'),
  ('update app_private.signature_documents set path = ''M0 0''', '{path}'),
  ('update app_private.signature_documents set proof = replace(proof, ''Ioana'', ''Maria'')', '{proof}'),
  ('delete from app_private.signature_documents', '{proof}'),
  ('update app_public.files set sha256 = repeat(''0'', 64) where surface = ''forms''', null),
  ('delete from app_public.signature_events where position = 2', '{events}'),
  ('delete from app_public.signature_events where event = ''signed''', '{events}'),
  ('update app_public.signature_events set position = 11 where position = 1; update app_public.signature_events set position = 1 where position = 2; update app_public.signature_events set position = 2 where position = 11', '{events}'),
  ('update app_public.signature_events e set body = replace(e.body, ''viewed'', ''closed''), hash = sha256(convert_to(replace(e.body, ''viewed'', ''closed''), ''UTF8'')) where e.event = ''viewed''', '{events}'),
  ('update app_public.signature_events set event = ''refused'' where event = ''viewed''', '{events}')
) as c (c, p) where p is not null;
select is(pg_temp.broken('update app_public.files set sha256 = repeat(''0'', 64) where surface = ''forms'''), array['attachment ' || tests.id('finding')], 'an attachment is named');
select * from finish();
rollback;
