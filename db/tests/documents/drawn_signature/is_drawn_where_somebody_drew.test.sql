-- Test: drawn_signature - a printed form shows the strokes of whoever drew, at their size, and the name of whoever typed it. DOC-05, CNS-05.
begin;
select plan(3);
create function pg_temp.prints(path text, typed text) returns jsonb language sql as $$
  select app_private.drawn_signature(
    jsonb_populate_record(null::app_private.signature_documents, jsonb_build_object('path', path, 'proof', '{"signature": {"path": {"width": 300, "height": 100}}}')),
    jsonb_populate_record(null::app_public.form_signatures, jsonb_build_object('signer_name', 'Ioana Pop', 'typed_name', typed, 'signed_at', '2027-03-01 08:00+02'))) $$;
select is(pg_temp.prints(null, 'Ioana') - 'signedAt', '{"name": "Ioana Pop", "typedName": "Ioana"}', 'a name that was typed, and no drawing');
select is(pg_temp.prints('M0 0L1 1', null) - 'signedAt' - 'sha256', '{"name": "Ioana Pop", "svg": {"path": "M0 0L1 1", "width": 300, "height": 100}}', 'strokes that were drawn, and no typed name');
select is(pg_temp.prints('M0 0L1 1', null) ->> 'sha256', encode(sha256('M0 0L1 1'), 'hex'), 'with the digest of the strokes');
select * from finish();
rollback;
