-- Test: verify - what is wrong first is named, with its entry, and a part of a chain answers for itself alone. FND-09.
begin;
select plan(54);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.seal();

-- Ten seals of atlas on ten days, each at noon: of one entry, but three of the fourth, seventh and ninth.
create function tests.live(clinic text, day int) returns void language plpgsql as $$
begin
  perform tests.freeze_time('2031-03-01 12:00+00'::timestamptz + make_interval(days => day - 1));
  for n in 1 .. case when day in (4, 7, 9) then 3 else 1 end loop
    update app_public.organizations set city = 'City ' || day || '.' || n where id = tests.id(clinic);
  end loop;
  perform tests.seal();
end;
$$;
-- What setting up wrote is gone: the chains begin with the first day.
set local session_replication_role = replica;
delete from audit.entries;
delete from audit.seals;
delete from audit.heads;
set local session_replication_role = origin;
select tests.live('atlas', day) from generate_series(1, 10) as day;
select tests.live('boreal', day) from generate_series(5, 9) as day;

create temporary table known as
select s.scope_id, s.sequence, s.id as seal_id, e."position", e.id from audit.seals s join audit.entries e on e.seal_id = s.id;
create function pg_temp.filled(text) returns text language sql as $$
  select replace(replace(replace($1, 'ATLAS', quote_literal(tests.id('atlas'))), 'BOREAL', quote_literal(tests.id('boreal'))),
    'SEAL', format('(select seal_id from known where scope_id = %L and "position" = 1 and sequence = ', tests.id('atlas')))
$$;
-- The whole chain: finding, place, and the place that the named entry had before.
create function pg_temp.hand(statement text) returns text language sql as $$
  select tests.after_tampering(pg_temp.filled($1), format(
    $q$select concat_ws(' ', v.finding, concat_ws('.', v.sequence, v.position), (select concat('is ', k.sequence, '.', k.position) from known k where k.id = v.entry_id))
       from audit.verify(%L) v$q$, tests.id('atlas')))
$$;
-- A part of it, by sequences.
create function pg_temp.part(statement text, first bigint, last bigint) returns text language sql as $$
  select tests.after_tampering(pg_temp.filled($1), format(
    $q$select concat_ws(' ', finding, concat_ws('.', sequence, position)) from audit.verify_sequences(%L, %s, %s)$q$, tests.id('atlas'), $2, $3))
$$;
-- A part of it, by time.
create function pg_temp.span(statement text, "from" timestamptz, "to" timestamptz) returns text language sql as $$
  select tests.after_tampering(pg_temp.filled($1), format(
    $q$select concat_ws(' ', finding, concat_ws('.', sequence, position)) from audit.verify(%L, %L, %L)$q$, tests.id('atlas'), $2, $3))
$$;
-- Another entry, like one that is there: its seal, place and time.
create function pg_temp.added(sequence int, seal text, "position" text, at text default 'occurred_at', says text default 'update', of text default 'row_key', clinic text default 'organization_id') returns text language sql as $$
  select format(
    'insert into audit.entries (id, organization_id, occurred_at, seal_id, position, session_role, action, table_name, row_key, key, digest, bytes, hash)
     select uuidv7(), %s, %s, %s, %s, session_role, %L, table_name, %s, key, digest, bytes, hash
     from audit.entries where seal_id = SEAL%s) and position = 1', clinic, at, seal, "position", says, of, sequence)
$$;
create function pg_temp.anew(sequence int, "position" int) returns text language sql as $$
  select format(
    $q$with written as (
       select e.id, audit.entry_bytes(case when e.position > 1 then substr(e.bytes, 13, 32) end, e.seal_id, e.position, e.id, e.organization_id, e.occurred_at,
         '01890000-0000-7000-8000-00000000000a', e.impersonator_id, e.session_role, e.request_id, e.action, e.table_name, e.row_key, e.person_id, e.changed, e.digest) as bytes
       from audit.entries e where e.seal_id = SEAL%s) and e.position = %s)
     update audit.entries set actor_id = '01890000-0000-7000-8000-00000000000a', bytes = written.bytes, hash = sha256(written.bytes) from written where entries.id = written.id$q$,
    sequence, "position")
$$;
create function pg_temp.emptied(sequence int, "position" int) returns text language sql as $$
  select format('update audit.entries set old = null, new = null, ip = null, user_agent = null, key = null where seal_id = SEAL%s) and position = %s', sequence, "position")
$$;

select results_eq(
  $$select seals, entries, finding from audit.verify(tests.id('atlas')) union all select seals, entries, finding from audit.verify(tests.id('boreal'))$$,
  $$values (10::bigint, 16::bigint, null::text), (5, 9, null)$$, 'both chains are whole');

-- Which entry it is.
select is(pg_temp.hand('update audit.entries set new = ''{}'' where seal_id = SEAL7) and position = 2'), 'values differ 7.2 is 7.2', 'an entry is named');
select is(pg_temp.hand('update audit.entries set key = null where seal_id = SEAL7) and position = 2'), 'values differ 7.2 is 7.2', 'the key alone is not an erasure');
select is(pg_temp.hand('delete from audit.entries where seal_id = SEAL7) and position = 2'), 'missing 7.2', 'one that is gone has no name');
select is(pg_temp.hand('delete from audit.entries where seal_id = SEAL7)'), 'missing 7.1', '… nor have all of them');
select is(pg_temp.hand('update audit.seals set sealed_at = sealed_at + interval ''1 second'' where id = SEAL7)'), 'changed 7', '… nor has a seal');

-- Written anew with care: only the entry after it, or the seal, remembers another.
select is(pg_temp.hand(pg_temp.anew(7, 2)), 'changed 7.2 is 7.2', 'one in between is found by the next');
select is(pg_temp.hand(format('with taken as (%s) %s', pg_temp.anew(7, 2), pg_temp.added(7, 'seal_id', '2', clinic => 'BOREAL'))),
  'changed 7.2 is 7.2', '… and named, not what another clinic''s log puts in its place');
select is(tests.after_tampering(pg_temp.filled(format('with taken as (%s) %s', pg_temp.anew(7, 2), pg_temp.added(7, 'seal_id', '2', at => $$'2031-03-31'$$))), format(
  $q$select concat(k.sequence, '.', k.position) from audit.verify_sequences(%L, 4, 7) v join known k on k.id = v.entry_id$q$, tests.id('atlas'))),
  '7.2', '… nor what another time does');
select is(pg_temp.hand(pg_temp.anew(7, 3)), 'changed 7.3 is 7.3', 'the last by its seal');
select is(pg_temp.hand(pg_temp.anew(6, 1)), 'changed 6.1 is 6.1', '… and the only one');
select is(pg_temp.hand('update audit.seals set hash = sha256(''x'') where id = SEAL10)'), 'changed 10', 'another hash, also of the last seal');
-- Of two, the first.
select is(pg_temp.hand(
  'with gone as (delete from audit.entries where seal_id = SEAL7) and position = 3) update audit.entries set hash = sha256(''x'') where seal_id = SEAL7) and position = 2'),
  'changed 7.2 is 7.2', 'a change is named before what is missing behind it');
select is(pg_temp.hand('update audit.seals set sealed_at = sealed_at + interval ''1 second'' where id in (SEAL7), SEAL4))'), 'changed 4', 'the earlier seal before the later');

-- In another place, or once too often.
select is(pg_temp.hand(
  'update audit.entries set seal_id = case seal_id when SEAL4) then SEAL7) else SEAL4) end where seal_id in (SEAL4), SEAL7)) and position = 1'),
  'reordered 4.1 is 7.1', 'two first entries swapped');
select is(pg_temp.hand(pg_temp.added(7, 'seal_id', '2')), 'added 7.2', 'a second entry in one place');
select is(pg_temp.hand(pg_temp.added(6, 'seal_id', '1')), 'added 6.1', '… also in the first');
select is(pg_temp.hand(pg_temp.added(7, '(select id from audit.seals where scope_id = BOREAL and sequence = 1)', '1')), 'unsealed 1', 'an entry under another clinic''s seal');
select is(pg_temp.hand(pg_temp.added(7, 'uuidv7()', '1', at => $$'2031-03-31'$$)), 'unsealed 1', 'one that no commit sealed, later than all');
select is(pg_temp.hand(pg_temp.added(7, 'uuidv7()', '1', at => $$'2031-03-01'$$)), 'unsealed 1', '… or earlier');
select is(pg_temp.hand('delete from audit.seals where scope_id = ATLAS'), 'unsealed 1 is 1.1', 'no seal at all');
select is(pg_temp.hand('delete from audit.seals where id in (SEAL1), SEAL2))'), 'missing 1', 'the first ones gone');

-- What is gone and no record of it: a record is of this chain, of an erasure, and sealed.
select is(pg_temp.hand(pg_temp.emptied(4, 2)), 'values missing 4.2 is 4.2', 'values gone');
create function pg_temp.forged(record text) returns text language sql as $$
  select pg_temp.hand(format('with taken as (%s) %s', pg_temp.emptied(4, 2), record))
$$;
select is(pg_temp.forged(pg_temp.added(7, 'uuidv7()', '1', says => 'erase', of => '(select id::text from known where sequence = 4 and position = 2 and scope_id = ATLAS)')),
  'values missing 4.2 is 4.2', 'a record that no commit sealed proves nothing');
select is(pg_temp.forged(pg_temp.added(7, '(select id from audit.seals where scope_id = BOREAL and sequence = 1)', '1', says => 'erase',
    of => '(select id::text from known where sequence = 4 and position = 2 and scope_id = ATLAS)')),
  'values missing 4.2 is 4.2', '… nor one under another clinic''s seal');
select tests.freeze_time('2031-03-11 12:00+00');
select audit.append(tests.id('boreal'), 'erase', 'audit.entries', k.id::text, null, null, null, '{}'),
       audit.append(tests.id('atlas'), 'read', 'audit.entries', k.id::text, null, null, null, '{}'),
       audit.append(tests.id('atlas'), 'erase', 'audit.entries', null, null, null, null, '{}')
from known k where k.scope_id = tests.id('atlas') and k.sequence = 4 and k."position" = 2;
select tests.seal();
select is(pg_temp.hand(pg_temp.emptied(4, 2)), 'values missing 4.2 is 4.2', '… nor one in another chain, of a reading, or of nothing named');

-- A part, held to the seal before it, and to no other.
select is(pg_temp.part('update audit.seals set sealed_at = sealed_at where id = SEAL4)', 4, 7), '', 'a part is whole');
select is(pg_temp.part('delete from audit.seals where id = SEAL3)', 4, 7), 'missing 3', 'the seal before it is missed');
select is(pg_temp.part('update audit.seals set hash = sha256(''x'') where id = SEAL3)', 4, 7), 'changed 3', '… or is another');
select is(pg_temp.part('update audit.entries set new = ''{}'' where seal_id = SEAL3)', 4, 7), '', 'what that one held is another part''s');
select is(pg_temp.part('update audit.entries set new = ''{}'' where seal_id = SEAL4) and position = 1', 4, 7), 'values differ 4.1', 'its first seal belongs to it');
select is(pg_temp.part('update audit.entries set new = ''{}'' where seal_id = SEAL7) and position = 3', 4, 7), 'values differ 7.3', '… and its last');
select is(pg_temp.part('update audit.entries set new = ''{}'' where seal_id = SEAL8)', 4, 7), '', '… and not the one after');
select is(pg_temp.part(pg_temp.added(7, 'uuidv7()', '1', at => $$'2031-03-31'$$), 4, 7), '', 'what nobody sealed after it is not of it');
select is(pg_temp.part(pg_temp.added(7, 'uuidv7()', '1', at => $$'2031-03-01'$$), 4, 7), '', '… nor before it');
select is(pg_temp.part(pg_temp.added(7, 'uuidv7()', '1', at => $$'2031-03-31'$$), 4, 11), 'unsealed 1', 'the last part has all that comes after');
select is(pg_temp.part(pg_temp.added(7, 'uuidv7()', '1', at => $$'2031-03-01'$$), 1, 4), 'unsealed 1', '… and the first what came before');
select is(pg_temp.part('update audit.entries set occurred_at = occurred_at - interval ''3 days'' where seal_id = SEAL9) and position = 2', 4, 7), 'unsealed 2', 'what was moved into it is not of it');

-- A span of time is what began in it: from its first instant to the last before its end.
select is((select seals from audit.verify(tests.id('atlas'), '2031-03-04 12:00+00', '2031-03-07 12:00+00')), 3::bigint, 'the first instant belongs to it, its end does not');
select is((select seals from audit.verify(tests.id('atlas'), '2031-03-04 12:00:00.000001+00', '2031-03-07 12:00:00.000001+00')), 3::bigint, '… by the microsecond');
select is((select seals from audit.verify(tests.id('boreal'), '2031-03-06 00:00+00', '2031-03-08 00:00+00')), 2::bigint, 'each chain counts its own');
select is((select seals from audit.verify(tests.id('atlas'), '2031-03-10 00:00+00')), 2::bigint, 'from a time on, to the end');
select is((select seals from audit.verify(tests.id('atlas'), "to" => '2031-03-03 00:00+00')), 2::bigint, 'up to a time, from the beginning');
select is(pg_temp.span(pg_temp.added(7, 'uuidv7()', '1', at => $$'2031-03-31'$$), '2031-03-05', '2032-01-01'), 'unsealed 1', 'a span that reaches over the end has all that comes after');
select is(pg_temp.span(pg_temp.added(7, 'uuidv7()', '1', at => $$'2031-03-31'$$), '2031-03-05', '2031-03-09'), '', '… and no other');

-- What anchors hold is asked of the part that it is about.
select tests.act_as('the worker');
select is((select count(*) from audit.prepare_anchor()), 1::bigint, 'both chains are anchored');
select tests.act_as('the database');
select results_eq(
  $$select finding from audit.verify(tests.id('atlas')) union all select finding from audit.verify(tests.id('boreal'))$$,
  $$values (null::text), (null)$$, '… and fit');
select is(pg_temp.part('update audit.anchored_heads set hash = sha256(''x'') where scope_id = ATLAS', 4, 7), '', 'an anchor of the end is not asked about a part');
select is(pg_temp.part('update audit.anchored_heads set hash = sha256(''x'') where scope_id = ATLAS', 4, 11), 'anchor differs 11', '… but of the part with the end');
select is(pg_temp.part('update audit.anchored_heads set hash = sha256(''x'') where scope_id = BOREAL', 1, 11), '', '… of this chain');
select is(pg_temp.hand(
  'with forgotten as (update audit.anchored_heads set hash = sha256(''x'') where scope_id = ATLAS)
   update audit.seals set sealed_at = sealed_at + interval ''1 second'' where id = SEAL7)'), 'changed 7', 'what the chain says itself comes first');
select is(pg_temp.part(
  'with forgotten as (update audit.anchored_heads set hash = sha256(''x'') where scope_id = ATLAS) update audit.seals set hash = sha256(''x'') where id = SEAL1)', 5, 11),
  'anchor differs 11', 'the anchored hash in another place does not stand for it');

-- Two chains of one length.
select tests.freeze_time('2031-03-12 12:00+00');
select tests.live('boreal', day) from generate_series(12, 16) as day;
select results_eq(
  $$select seals, finding from audit.verify(tests.id('atlas')) union all select seals, finding from audit.verify(tests.id('boreal'))$$,
  $$values (11::bigint, null::text), (11, null)$$, 'each has its own end');
select is(pg_temp.part(
  'with forgotten as (update audit.anchored_heads set hash = sha256(''x'') where scope_id = ATLAS) update audit.seals set hash = sha256(''x'') where scope_id = BOREAL and sequence = 11', 1, 11),
  'anchor differs 11', '… and another chain''s hash does not stand for an anchored one');
select * from finish();
rollback;
