-- Test: read_email - an address that mail can be sent to, in one spelling; otherwise what is wrong with it. FND-07, FND-34.
begin;
select plan(31);
select is((app_hidden.read_email(written)).address, read, format('%L', written))
from (values
  ('Ana.Pop+kineto@Example.COM', 'ana.pop+kineto@example.com'), (U&'\00a0ana@example.com\200b', 'ana@example.com'),
  ('ana@München.de', 'ana@xn--mnchen-3ya.de'), (normalize('ana@münchen.de', nfd), 'ana@xn--mnchen-3ya.de'), ('ana@XN--Mnchen-3ya.de', 'ana@xn--mnchen-3ya.de'),
  ('ana@Clinică-Țară.ro', 'ana@xn--clinic-ar-vcbd174a.ro'), ('ana@кремль.рф', 'ana@xn--e1ajeds9e.xn--p1ai'),
  (repeat('x', 64) || '@example.com', repeat('x', 64) || '@example.com'), ('ana@' || repeat('x', 63) || '.ro', 'ana@' || repeat('x', 63) || '.ro'),
  (' ', null), (null, null)
) as t (written, read);
select is((app_hidden.read_email(written)).problem, problem, format('%s: %L', problem, left(written, 40)))
from (values
  ('.ana@example.com', 'dot_misplaced'), ('ana.@example.com', 'dot_misplaced'), ('a..b@example.com', 'dot_misplaced'), ('ana@example..com', 'dot_misplaced'),
  (repeat('x', 65) || '@example.com', 'local_part_too_long'), ('ana@' || repeat('x', 64) || '.ro', 'domain_label_too_long'), ('ana@' || repeat('ă', 60) || '.ro', 'domain_label_too_long'),
  (repeat('x', 64) || '@' || repeat(repeat('x', 62) || '.', 3) || 'ro', 'address_too_long'),
  ('ana', 'not_an_address'), ('ana@localhost', 'not_an_address'), ('a@b@example.com', 'not_an_address'), ('"ana pop"@example.com', 'not_an_address'), (E'ana@example.com\nBcc: x', 'not_an_address'),
  ('ană@example.com', 'not_an_address'), ('ana@192.0.2.1', 'domain_not_accepted'), ('ana@-example.com', 'domain_not_accepted'),
  ('ana@xn--99999999.de', 'domain_not_accepted'), ('ana@xn--ana-.de', 'domain_not_accepted'),
  -- Kelvin, dotted I and full-width letters fold to somebody else's domain.
  (U&'ana@\212alinik.ro', 'domain_not_accepted'), (U&'ana@klin\0130k.ro', 'domain_not_accepted')
) as t (written, problem);
select * from finish();
rollback;
