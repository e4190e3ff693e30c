-- The last line of every verb that begins with remembered(): keeps the answer for whoever repeats the request. Answers
-- hold tokens that are shown once, so they are encrypted under the caller's own key. FND-26.

create or replace function app_private.remember(operation text, response jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if nullif(current_setting('app.idempotency_key', true), '') is null then
    return;
  end if;
  update app_private.remembered_mutations as known
  set response = extensions.pgp_sym_encrypt(
    remember.response::text,
    encode(app_private.under_idempotency_key('response', remember.operation), 'hex'),
    -- The passphrase is a digest: stretching it would cost time and add nothing.
    'cipher-algo=aes256, s2k-mode=1')
  where known.request_digest = app_private.under_idempotency_key('request', remember.operation);
  if not found then
    raise exception 'remember: % did not begin with remembered()', remember.operation;
  end if;
end;
$$;

comment on function app_private.remember is
  'Keeps the result under the idempotency key that remembered() has claimed; does nothing when the request has no key.';

grant execute on function app_private.remember to app_engine;
