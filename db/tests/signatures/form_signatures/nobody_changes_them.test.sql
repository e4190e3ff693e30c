-- Test: form_signatures, signature_documents, signature_events, forms - what is signed is changed by no role and no statement. CNS-07, FRM-04.
begin;
select plan(101);
select tests.clinic('atlas');
select tests.staff('alina', 'owner');
select tests.patient('ioana');
select tests.form_template('consent', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'click_typed');
select tests.form('form', 'ioana', 'consent');
select tests.act_as('ioana');
select lives_ok($$select app_public.sign_form(tests.id('form'), tests.text_hash('form'), 'ro', 'Ioana', true, '{"pain": "da"}')$$, 'it is signed');
select tests.act_as('the database');
create function tests.no(statement text, who text) returns text language plpgsql as $$
begin
  begin
    execute statement;
  exception when others then
    return ok(sqlstate in ('RX405', 'RX409', '42501', '0A000') or sqlerrm in ('never_changed', 'form_is_signed', 'illegal_move'), who || ': ' || statement || ' (' || sqlerrm || ')');
  end;
  return fail(who || ': ' || statement || ' went through');
end $$;
create function tests.attempts() returns setof text language sql as $$
  select format(s, t) from unnest('{app_public.form_signatures,app_private.signature_documents,app_public.signature_events}'::text[]) t,
    unnest(array['update %1$s set form_id = form_id', 'delete from %1$s', 'truncate %1$s', 'truncate %1$s cascade',
      'insert into %1$s select * from %1$s on conflict do nothing; update %1$s set organization_id = organization_id']) s
  union all
  select * from unnest(array['update app_public.forms set answers = ''{}''', 'update app_public.forms set snapshot = ''{}''', 'update app_public.forms set signed_at = null, status = ''completed''',
    'delete from app_public.forms', 'truncate app_public.forms cascade']) $$;
select tests.no(a, 'the superuser') from tests.attempts() a;
select tests.act_as('the engine');
select tests.no(a, 'the engine') from tests.attempts() a;
-- The owner sees no row, so that a row trigger has nothing to refuse; the tables of signatures refuse per statement.
select tests.act_as('the owner');
select tests.no(a, 'the owner') from tests.attempts() a where a !~ '^(update|delete from) app_public.forms';
select tests.act_as('alina');
select tests.no(a, 'an owner of the clinic') from tests.attempts() a;
select tests.act_as('the worker');
select tests.no(a, 'the worker') from tests.attempts() a;
select tests.act_as('the database');
select results_eq($$select status, answers from app_public.forms where id = tests.id('form')$$, $$values ('signed', '{"pain": "da"}'::jsonb)$$, 'it is as it was');
select is((select count(*) from app_private.signature_faults(tests.id('atlas'), tests.id('form'))), 0::bigint, 'and the proof holds');
select * from tests.refuses($$select app_private.record_signature_event(tests.id('atlas'), tests.id('form'), 'viewed')$$, 'IMMUTABLE', 'form_is_signed', 'no event follows the signature');
select * from finish();
rollback;
