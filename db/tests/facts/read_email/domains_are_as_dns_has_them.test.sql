-- Test: read_email, domain_label, punycode, from_punycode - how long an address may be, and which labels are domains; an
-- address that is refused is not kept. FND-07, FND-34.
-- That every label is what browsers make of it, domains_agree_with_node.test.ts proves; these are the edges.
begin;
select plan(64);
select is((app_hidden.read_email(written))::text, coalesce('(' || address || ',)', '(,' || coalesce(problem, '') || ')'), left(written, 40))
from (values
  (null, null, null), ('', null, null), (U&'\00a0\200b', null, null),
  ('@people.test', null, 'not_an_address'), ('a@', null, 'not_an_address'), ('ana@localhost', null, 'not_an_address'), ('Σ@ț1漢.ro', null, 'not_an_address'),
  ('ana@_AÎ.ro', null, 'not_an_address'), ('ana@đa@..Ｉ.ro', null, 'not_an_address'), ('ana@éc...ro', null, 'dot_misplaced'), ('c..@YBzÎxßĂあ1aZx.ro', null, 'dot_misplaced'),
  (repeat('x', 65) || '@e.ro', null, 'local_part_too_long'),
  ('a@' || repeat('ă', 60) || '.ro', null, 'domain_label_too_long'), ('a@' || repeat('x', 63) || '.ro', 'a@' || repeat('x', 63) || '.ro', null),
  -- 254 in all, and a bound before anything is looked at.
  (repeat('x', 64) || '@' || repeat('y', 63) || '.' || repeat('z', 63) || '.' || repeat('w', 58) || '.ro', repeat('x', 64) || '@' || repeat('y', 63) || '.' || repeat('z', 63) || '.' || repeat('w', 58) || '.ro', null),
  (repeat('x', 64) || '@' || repeat('y', 63) || '.' || repeat('z', 63) || '.' || repeat('w', 59) || '.ro', null, 'address_too_long'),
  ('a@' || repeat('x.', 498) || 'ro', null, 'address_too_long'), ('a@' || repeat('x.', 498) || 'rox', null, 'not_an_address'),
  -- What is no domain, though it could be written as one.
  ('ana@example.123', null, 'domain_not_accepted'), ('a@-a.ro', null, 'domain_not_accepted'), ('a@a-.ro', null, 'domain_not_accepted'), ('a@ab--ă.ro', null, 'domain_not_accepted'), ('a@ă-.ro', null, 'domain_not_accepted'),
  (U&'a@\1fb3.ro', null, 'domain_not_accepted'), (U&'a@\0133s.ro', null, 'domain_not_accepted'), (U&'a@2\00d7\00e94.ro', null, 'domain_not_accepted'), (U&'a@\+01f600.ro', null, 'domain_not_accepted'),
  ('ana@ß.Țaİ1.ro', null, 'domain_not_accepted'),
  ('a@xn--6pb.ro', null, 'domain_not_accepted'), ('a@xn---a.ro', null, 'domain_not_accepted'), ('a@xn---.ro', null, 'domain_not_accepted'), ('a@xn--a-.ro', null, 'domain_not_accepted'),
  -- And what is.
  ('ana@xn--ac-fia87jn8c5tab.ro', 'ana@xn--ac-fia87jn8c5tab.ro', null), ('a@ÿ.ro', 'a@xn--wda.ro', null), ('a@ΣΑΣ.gr', 'a@xn--mxa9ab.gr', null), ('a@σας.gr', 'a@xn--mxa8ab.gr', null), ('a@faß.de', 'a@xn--fa-hia.de', null)
) as t (written, address, problem);

-- RFC 3492, both ways: with and without ASCII before, the first and the last letters, and differences at which the bias turns.
select is(app_hidden.punycode(label), code, code) from (values
  ('bücher', 'bcher-kva'), ('ăâîșț', '2cay2d84dka'), ('日本語', 'wgv71a119e'), (chr(57344), '0y0c'), (chr(55295), 'hb9b'), (chr(1114111), 'dn32g'),
  ('abc' || chr(63828) || chr(63829), 'abc-d91sfa'), ('abc' || chr(63828) || 'é', 'abc-dma88092a'), ('abc' || chr(63828) || chr(64500), 'abc-d91s15h')
) as t (label, code);
select is(app_hidden.from_punycode(code), label, coalesce('reads ' || code, 'nothing')) from (values
  ('bcher-kva', 'bücher'), ('2cay2d84dka', 'ăâîșț'), ('wgv71a119e', '日本語'), ('0y0c', chr(57344)), ('hb9b', chr(55295)), ('dn32g', chr(1114111)),
  ('abc-d91s15h', 'abc' || chr(63828) || chr(64500)), ('abc-d91sfa', 'abc' || chr(63828) || chr(63829)), (repeat('a', 58) || '-', repeat('a', 58)),
  -- Longer than a label, half a number, signs that are no digits, halves of surrogates, letters beyond the last, numbers without end.
  (repeat('a', 59) || '-', null), ('bcher-kv', null), ('bcher-KVA', null), ('ib9b', null), ('ab-zd9k', null), ('zy0c', null), ('en32g', null), (repeat('9', 59), null), ('a-' || repeat('9', 14), null)
) as t (code, label);
select * from finish();
rollback;
