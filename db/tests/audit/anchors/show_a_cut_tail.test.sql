-- Test: anchors - a chain that was cut, or written anew with its head, does not fit what was anchored. FND-09.
begin;
select plan(26);
select tests.clinic('atlas');
select tests.seal();
select tests.act_as('the worker');
select is((select number from audit.prepare_anchor()), 1::bigint, 'the first anchor');
select is((select number from audit.prepare_anchor()), 1::bigint, 'nothing moved: the same waits for the store');
select is_empty('select number from audit.stored_anchors()', 'not stored yet, none is held beside what the store has');
select audit.confirm_anchor(1);
select is_empty($$select from audit.prepare_anchor()$$, 'it is stored, and nothing moved');
select tests.act_as('the database');

do $$ begin
  for n in 1 .. 10 loop
    update app_public.organizations set city = 'City ' || n where id = tests.id('atlas');
    perform tests.seal();
  end loop;
end $$;
create temporary table known as select (select sequence from audit.heads where scope_id = tests.id('atlas')) as tail,
  coalesce((select sequence from audit.heads where scope_id = '00000000-0000-0000-0000-000000000000'), 0) as platform_tail;
select tests.act_as('the worker');
select is((select number from audit.prepare_anchor()), 2::bigint, 'the chain moved: the second anchor');
select tests.act_as('the database');

select is((select hash from audit.anchors where number = 1), (select previous_hash from audit.anchors where number = 2), 'anchors are a chain, too');
select is(sha256(bytes), hash, 'an anchor''s hash is that of its bytes') from audit.anchors where number = 2;
select is(
  convert_from(bytes, 'UTF8')::jsonb - 'at',
  jsonb_build_object('number', 2, 'previous', (select encode(hash, 'hex') from audit.anchors where number = 1),
    'heads', (select jsonb_agg(jsonb_build_object('organization', tests.id('atlas'), 'sequence', h.sequence, 'hash', encode(h.hash, 'hex')))
              from audit.heads h where h.scope_id = tests.id('atlas'))),
  'it holds the heads that moved, and no more')
from audit.anchors where number = 2;
select is((select object_key from audit.anchors where number = 2), 'audit/anchors/000000000002.json', 'its place in the store is its number');
select is((select finding from audit.verify(tests.id('atlas'))), null, 'the chain fits its anchors');

-- Cut with care: entries, seals, and the head set back. The chain by itself is whole again.
create function tests.cut(keep bigint) returns text language sql volatile as $$
  select format(
    'with cut as (delete from audit.seals where scope_id = %1$L and sequence > %2$s returning id),
          emptied as (delete from audit.entries using cut where seal_id = cut.id)
     update audit.heads set sequence = %2$s, hash = (select hash from audit.seals where scope_id = %1$L and sequence = %2$s)
     where scope_id = %1$L', tests.id('atlas'), keep)
$$;
select is(tests.tampered(tests.cut(5), tests.id('atlas')), 'tail cut ' || (select tail from known), 'a cut tail is found through the anchor');
select is(tests.tampered(tests.cut((select tail - 1 from known)), tests.id('atlas')), 'tail cut ' || (select tail from known), 'so is one that lacks the last');
select is(tests.tampered(replace(tests.cut(5), 'with cut as', format('with forgotten as (delete from audit.anchored_heads where scope_id = %L), cut as', tests.id('atlas'))),
  tests.id('atlas')), '', 'without the anchors'' rows the database cannot tell: the store''s copy can');

-- Written anew from the last seal on, with everything that hangs on it.
select is(tests.tampered(format(
  'with anew as (
     update audit.seals set sealed_at = occurred_at,
       bytes = audit.seal_bytes(substr(bytes, 13, 32), scope_id, sequence, id, occurred_at, occurred_at, entries, entries_hash),
       hash = sha256(audit.seal_bytes(substr(bytes, 13, 32), scope_id, sequence, id, occurred_at, occurred_at, entries, entries_hash))
     where scope_id = %1$L and sequence = (select tail from known) returning hash)
   update audit.heads set hash = (select hash from anew) where scope_id = %1$L', tests.id('atlas')), tests.id('atlas')),
  'anchor differs ' || (select tail from known), 'a tail written anew does not fit the anchor');

-- What the store has, beside the chains of today: unlike_anchor.
create function pg_temp.head(clinic text, at bigint, differs text default '') returns jsonb language sql as $$
  select jsonb_build_object('organization', organization_id, 'sequence', at, 'hash', (
    select encode(case when differs = '' then hash else sha256(hash) end, 'hex') from audit.seals where scope_id = organization_id and sequence = least(at, (select tail from known))))
  from (select tests.id(clinic) as organization_id) as of_clinic
$$;
select tests.clinic('boreal');
select tests.seal();
select bag_eq(
  $$select * from audit.unlike_anchor(jsonb_build_array(
      pg_temp.head('atlas', 1), pg_temp.head('boreal', 1), pg_temp.head('atlas', 3, 'differs'), pg_temp.head('atlas', (select tail + 1 from known)),
      jsonb_build_object('organization', null, 'sequence', (select platform_tail + 1 from known), 'hash', (pg_temp.head('boreal', 1) ->> 'hash'))))$$,
  $$values (tests.id('atlas'), 3::bigint, 'anchor differs'), (tests.id('atlas'), (select tail + 1 from known), 'tail cut'), (null, (select platform_tail + 1 from known), 'tail cut')$$,
  'each head is held to the seal of its chain and place');
-- A chain that is as long as another was when that one was anchored.
select tests.act_as('the worker');
select is((select max(number) from audit.prepare_anchor()), 3::bigint, 'a new chain is anchored');
select tests.act_as('the database');
select results_eq(
  $$select head ->> 'organization', head ->> 'sequence' from audit.anchors, jsonb_array_elements(convert_from(bytes, 'UTF8')::jsonb -> 'heads') as head where number = 3$$,
  $$values (tests.id('boreal')::text, '1')$$, '… by itself');
create temporary table stored as select number, stored_at from audit.anchors;
select audit.confirm_anchor(1);
select is((select stored_at from audit.anchors where number = 1), (select stored_at from stored where number = 1), 'what is stored was stored when it was');
select audit.confirm_anchor(3);
select results_eq(
  'select number from audit.anchors where stored_at is null', 'values (2::bigint)', 'each is confirmed by itself');
select results_eq(
  'select number, hash from audit.stored_anchors()', 'select number::int, hash from audit.anchors where number in (1, 3) order by 1', '… and told with its hash');

-- Nobody anchors by hand.
select tests.act_as('a visitor');
select throws_ok($$select audit.prepare_anchor()$$, '42501', null, 'a visitor cannot anchor');
select tests.staff('olga', 'owner');
select tests.act_as('olga');
select throws_ok($$select audit.prepare_anchor()$$, '42501', null, 'nor an owner');
select throws_ok($$select audit.confirm_anchor(1)$$, '42501', null, 'nor confirm');
select throws_ok($$select audit.verify(null)$$, '42501', null, 'nor verify another chain');
select tests.act_as('the database');
select tests.seal();
select tests.act_as('the worker');
select is((select finding from audit.verify(tests.id('atlas'))), null, 'the worker verifies');
select is((select seals from audit.verify(tests.id('atlas'), now() + interval '1 day')), 0::bigint, 'a time to come has no seals');
select * from finish();
rollback;
