-- Test: verify - a superuser who edits, deletes, reorders, adds or cuts is found every time, triggers off. FND-09.
begin;
select plan(40);
select setseed(0.2027);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.service('masaj');
select tests.seal();

-- Thirty transactions, of one to three changes each.
create function tests.live(clinic text, transactions int) returns void language plpgsql as $$
begin
  for n in 1 .. transactions loop
    for m in 1 .. 1 + n % 3 loop
      update app_public.organizations set city = 'City ' || n || '.' || m where id = tests.id(clinic);
    end loop;
    perform tests.seal();
  end loop;
end;
$$;
select tests.live('atlas', 30);
select tests.live('boreal', 5);
create temporary table whole as select * from audit.verify(tests.id('atlas'));
select is((select finding from whole), null, 'a chain that nobody touched is whole');
select is((select seals from whole), (select count(*) from audit.seals where scope_id = tests.id('atlas')), '… to its last seal');
select is((select entries from whole), (select count(*) from audit.entries where scope_id = tests.id('atlas')), '… and its last entry');
select is((select finding from audit.verify(null)), null, 'so is the platform''s');

-- Named tamperings of the seal 20, which holds three entries.
create function tests.seal_id(sequence bigint) returns uuid language sql volatile as
  $$ select id from audit.seals where scope_id = tests.id('atlas') and seals.sequence = seal_id.sequence $$;
create temporary table three as
  select sequence from audit.seals where scope_id = tests.id('atlas') and entries = 3 and sequence between 10 and 25 order by 1 limit 1;
create function tests.at(kind text, "position" int default null) returns text language sql volatile as
  $$ select kind || ' ' || sequence || coalesce('.' || "position", '') from three $$;
create function tests.hand(statement text) returns text language sql volatile as
  $$ select tests.tampered(replace(replace(replace(statement, 'SEAL', quote_literal(tests.seal_id((select sequence from three)))),
       'ATLAS', quote_literal(tests.id('atlas'))), 'SEQUENCE', (select sequence::text from three)), tests.id('atlas')) $$;

select is(tests.hand('update audit.entries set actor_id = uuidv7() where seal_id = SEAL and position = 2'), tests.at('changed', 2), 'another author');
select is(tests.hand('update audit.entries set action = ''insert'' where seal_id = SEAL and position = 2'), tests.at('changed', 2), 'another action');
select is(tests.hand('update audit.entries set occurred_at = occurred_at + interval ''1 second'' where seal_id = SEAL and position = 3'), tests.at('changed', 3), 'another time');
select is(tests.hand('update audit.entries set row_key = uuidv7()::text where seal_id = SEAL and position = 1'), tests.at('changed', 1), 'another row');
select is(tests.hand('update audit.entries set changed = ''{name}'' where seal_id = SEAL and position = 1'), tests.at('changed', 1), 'another column');
select is(tests.hand('update audit.entries set digest = sha256(''x'') where seal_id = SEAL and position = 1'), tests.at('changed', 1), 'another digest');
select is(tests.hand('update audit.entries set bytes = bytes || ''\x00'' where seal_id = SEAL and position = 1'), tests.at('changed', 1), 'other bytes');
select is(tests.hand('update audit.entries set bytes = bytes || ''\x00'', hash = sha256(bytes || ''\x00'') where seal_id = SEAL and position = 1'), tests.at('changed', 1), 'other bytes, hashed again');
select is(tests.hand('update audit.entries set new = ''{"city": "Cluj"}'' where seal_id = SEAL and position = 2'), tests.at('values differ', 2), 'other values');
select is(tests.hand('update audit.entries set old = null where seal_id = SEAL and position = 2'), tests.at('values differ', 2), 'half of the values gone');
select is(tests.hand('update audit.entries set ip = ''198.51.100.1'' where seal_id = SEAL and position = 2'), tests.at('values differ', 2), 'another address');
select is(tests.hand('update audit.entries set key = sha256(''x'') where seal_id = SEAL and position = 2'), tests.at('values differ', 2), 'another key');
select is(tests.hand('update audit.entries set old = null, new = null, ip = null, user_agent = null, key = null where seal_id = SEAL and position = 2'),
  tests.at('values missing', 2), 'values gone without a record of their erasure');
select is(tests.hand('delete from audit.entries where seal_id = SEAL and position = 1'), tests.at('missing', 1), 'the first entry of a transaction gone');
select is(tests.hand('delete from audit.entries where seal_id = SEAL and position = 2'), tests.at('missing', 2), 'one in between');
select is(tests.hand('delete from audit.entries where seal_id = SEAL and position = 3'), tests.at('missing', 3), 'the last');
select is(tests.hand('delete from audit.entries where seal_id = SEAL'), tests.at('missing', 1), 'all of them');
select is(tests.hand('update audit.entries set position = 5 - position where seal_id = SEAL and position > 1'), tests.at('reordered', 2), 'two entries swapped');
select is(tests.hand(
  'insert into audit.entries (id, organization_id, occurred_at, seal_id, position, session_role, action, table_name, key, digest, bytes, hash)
   select uuidv7(), organization_id, occurred_at, seal_id, 4, session_role, action, table_name, key, digest, bytes, hash
   from audit.entries where seal_id = SEAL and position = 3'), tests.at('added', 4), 'an entry more');
select is(tests.hand(
  'insert into audit.entries (id, organization_id, occurred_at, seal_id, position, session_role, action, table_name, key, digest, bytes, hash)
   select uuidv7(), organization_id, occurred_at, uuidv7(), 1, session_role, action, table_name, key, digest, bytes, hash
   from audit.entries where seal_id = SEAL and position = 3'), 'unsealed 1', 'an entry of no transaction');
select is(tests.hand('delete from audit.seals where id = SEAL'), tests.at('missing'), 'a seal gone');
select is(tests.hand('with gone as (delete from audit.seals where id = SEAL) delete from audit.entries where seal_id = SEAL'), tests.at('missing'), 'a seal gone with all it held');
select is(tests.hand('update audit.seals set sequence = sequence + 100 where scope_id = ATLAS and sequence > SEQUENCE - 1'), tests.at('missing'), 'a hole');
select is(tests.hand('update audit.seals set sealed_at = sealed_at - interval ''1 day'' where id = SEAL'), tests.at('changed'), 'a seal with another time');
select is(tests.hand(
  'update audit.seals as here set id = there.id, sealed_at = there.sealed_at, entries = there.entries,
     entries_hash = there.entries_hash, bytes = there.bytes, hash = there.hash
   from audit.seals as there
   where here.scope_id = ATLAS and there.scope_id = ATLAS
     and (here.sequence, there.sequence) in ((SEQUENCE, SEQUENCE + 2), (SEQUENCE + 2, SEQUENCE))'),
  tests.at('reordered'), 'two seals swapped');
select is(tests.hand('update audit.seals set hash = sha256(''x'') where id = SEAL'), tests.at('changed'), 'another hash');
-- Rewritten with care: the seal is right by itself, and the one after it remembers another.
select is(tests.hand(
  'update audit.seals set sealed_at = occurred_at,
     bytes = audit.seal_bytes(substr(bytes, 13, 32), scope_id, sequence, id, occurred_at, occurred_at, entries, entries_hash),
     hash = sha256(audit.seal_bytes(substr(bytes, 13, 32), scope_id, sequence, id, occurred_at, occurred_at, entries, entries_hash))
   where id = SEAL'), tests.at('changed'), 'a seal written anew');
select is(tests.hand(
  'insert into audit.seals select uuidv7(), scope_id, sequence, occurred_at + interval ''1 microsecond'', sealed_at, entries, entries_hash, bytes, hash
   from audit.seals where id = SEAL'), tests.at('added'), 'a second seal in one place');
select is(tests.hand('update audit.heads set sequence = sequence - 1 where scope_id = ATLAS'), 'head differs ' || (select seals from whole), 'a head that was set back');
select is(tests.hand('update audit.heads set hash = sha256(''x'') where scope_id = ATLAS'), 'head differs ' || (select seals from whole), 'a head with another hash');
select is(tests.hand('delete from audit.heads where scope_id = ATLAS'), 'head differs ' || (select seals from whole), 'a head that is gone');
select is(tests.hand('delete from audit.seals where scope_id = ATLAS and sequence > SEQUENCE'), 'unsealed 1', 'a cut tail, its entries left');
select is(tests.tampered(format(
    'with cut as (delete from audit.seals where scope_id = %1$L and sequence > 20 returning id) delete from audit.entries using cut where seal_id = cut.id',
    tests.id('atlas')), tests.id('atlas')), 'head differs 20', 'a cut tail');

-- A part of the chain is held to what stands before it.
select is((select finding from audit.verify_sequences(tests.id('atlas'), 10, 15)), null, 'a part is whole');

-- Two hundred random hands: any column of any row, any row gone, any two swapped.
create function tests.random_hand() returns text language plpgsql volatile as $$
declare
  v_table text := (array['entries', 'seals'])[1 + floor(random() * 2)];
  v_row text := format('(scope_id, id) = (%L, %L)', tests.id('atlas'), case v_table
    when 'entries' then (select id from audit.entries where scope_id = tests.id('atlas') order by random() limit 1)
    else (select id from audit.seals where scope_id = tests.id('atlas') order by random() limit 1) end);
  v_column record;
begin
  if random() < 0.2 then
    return format('delete from audit.%I where %s', v_table, v_row);
  end if;
  select a.attname as name, format_type(a.atttypid, null) as type into v_column
  from pg_attribute a
  where a.attrelid = ('audit.' || v_table)::regclass and a.attnum > 0 and a.attgenerated = ''
  order by random() limit 1;
  return format('update audit.%I set %I = %s where %s', v_table, v_column.name, case v_column.type
    when 'uuid' then 'uuidv7()'
    when 'text' then format('coalesce(%I, '''') || ''x''', v_column.name)
    when 'text[]' then format('coalesce(%I, ''{}'') || ''x''::text', v_column.name)
    when 'jsonb' then '''{"city": "Cluj"}'''
    when 'bytea' then format('set_byte(coalesce(%1$I, ''\x00''), 0, get_byte(coalesce(%1$I, ''\x00''), 0) # 1)', v_column.name)
    when 'timestamp with time zone' then format('%I + interval ''1 microsecond''', v_column.name)
    else format('%I + 1', v_column.name) end, v_row);
end;
$$;
select is(
  (select array_agg(hand) from (select tests.random_hand() as hand from generate_series(1, 200)) as hands
   where tests.tampered(hand, tests.id('atlas')) is null),
  null, 'two hundred random tamperings: each is found');
select is((select finding from audit.verify(tests.id('boreal'))), null, 'another clinic''s chain is another matter');
select * from finish();
rollback;
