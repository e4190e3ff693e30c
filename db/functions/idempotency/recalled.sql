-- What was answered to this idempotency key before, with nothing claimed: for a mutation that leaves SQL, which asks before it
-- seals or calls anybody. What it writes in the end begins with remembered() all the same. FND-26.

create or replace function app_private.recalled(operation text, arguments jsonb) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_known app_private.remembered_mutations;
begin
  select known.* into v_known
  from app_private.remembered_mutations as known
  where known.request_digest = app_private.under_idempotency_key('request', recalled.operation)
    and known.created_at > app_hidden.now() - interval '24 hours';
  if not found then
    return null;
  end if;
  if app_hidden.current_principal_id() is not null and app_hidden.current_account_id() is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled');
  end if;
  if v_known.arguments_digest <> app_private.under_idempotency_key(
    'arguments', recalled.operation, recalled.arguments::text) then
    perform app_hidden.refuse(
      'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', jsonb_build_object('header', 'Idempotency-Key'));
  elsif v_known.response is null then
    raise exception 'remembered: % claimed a key and never called remember()', recalled.operation;
  end if;
  return extensions.pgp_sym_decrypt(
    v_known.response, encode(app_private.under_idempotency_key('response', recalled.operation), 'hex'))::jsonb;
end;
$$;

comment on function app_private.recalled is
  'The first answer to this caller''s idempotency key for this operation, null when there is none within a day. IDEMPOTENCY_MISMATCH '
  'when the arguments are others than the first time.';
grant execute on function app_private.recalled to app_engine;
