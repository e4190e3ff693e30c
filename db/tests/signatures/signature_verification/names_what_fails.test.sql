-- Test: signature_verification - says that a proof holds, and names each part that does not. CNS-07. Whoever breaks it here first takes the triggers away, as a superuser can.
begin;
select plan(33);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('alina', 'owner'), tests.staff('billing', 'billing');
select tests.patient('ioana'), tests.patient('vlad');
select tests.form_template('consent', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'drawn_kiosk');
select tests.form('form', 'ioana', 'consent'), tests.form('open', 'ioana', 'consent');
select tests.file('finding', 'forms', tests.id('form'), 'ioana'), tests.file('second finding', 'forms', tests.id('form'), 'ioana');
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
select is(pg_temp.broken('update app_public.files set sha256 = repeat(''0'', 64) where surface = ''forms'''), array(select 'attachment ' || f.id from app_public.files f where f.surface = 'forms' order by 1), 'attachments are named');
select is(pg_temp.broken('update app_public.files set sha256 = (select f.sha256 from app_public.files f where f.id = tests.id(''finding'')) where id = tests.id(''second finding''); delete from app_public.files where id = tests.id(''finding'')'),
  array(select 'attachment ' || f.id from app_public.files f where f.surface = 'forms' order by 1), 'also where another file took the bytes of one that is gone');

-- In words.
create function pg_temp.says(change text) returns text language plpgsql as $$
declare v_said text;
begin
  begin
    set local session_replication_role = replica;
    execute change;
    select string_agg(f.part || ': ' || f.problem, '; ' order by f.part, f.problem) into v_said from app_private.signature_faults(tests.id('atlas'), tests.id('form')) f;
    raise exception 'taken back';
  exception when raise_exception then
    return v_said;
  end;
end $$;
-- An event that says something else, with a hash that is right.
create function pg_temp.event(n int, key text, value text) returns text language sql as $$
  select format('update app_public.signature_events set body = said, hash = sha256(convert_to(said, ''UTF8''))
    from (select jsonb_set(body::jsonb, %L, to_jsonb(%L::text))::text as said from app_public.signature_events where position = %s and form_id = tests.id(''form'')) as other
    where position = %3$s and form_id = tests.id(''form'')', array[key], value, n) $$;
select is(pg_temp.says('delete from app_public.form_signatures'), 'proof: it is missing', 'without its signature there is no proof');
select is(pg_temp.says('update app_private.signature_documents set proof = ''words''; update app_public.form_signatures set proof_sha256 = app_private.hex_digest(''words'')'), 'proof: it is not the one that the hash of the signature was made of', 'words are no proof, though their hash is right');
select is(pg_temp.says('delete from app_public.signature_events where position = 2'), 'events: missing: event 2', 'an event that is missing is told by its place');
select is(pg_temp.says(pg_temp.event(2, 'position', '7')), 'events: event 2 says that it is event 7', 'one that says another place');
select is(pg_temp.says(pg_temp.event(2, 'form', 'another')), 'events: event 2 says that it is event 2', 'or another form');
select is(pg_temp.says(pg_temp.event(2, 'at', '2020')), 'events: event 2 is not the one that event 3 follows', 'one that was changed otherwise');
select is(pg_temp.says(pg_temp.event((select max(position) from app_public.signature_events where form_id = tests.id('form')), 'event', 'refused')
  || '; update app_public.signature_events set event = ''refused'' where event = ''signed'''), 'events: the last event is not the signature of this proof', 'a last one that is no signature');
select is(pg_temp.says(pg_temp.event((select max(position) from app_public.signature_events where form_id = tests.id('form')), 'proofHash', repeat('0', 64))), 'events: the last event is not the signature of this proof', 'and one that is the signature of another proof');
select * from finish();
rollback;
