-- A subscription that is told of bookings; its secret is an envelope in form only.
create or replace function tests.webhooks(name text, clinic text default 'atlas', events text[] default '{appointment.booked}') returns uuid
language plpgsql volatile
as $$
declare
  v_id uuid := uuidv7();
begin
  perform tests.data_key(clinic);
  insert into app_public.webhook_subscriptions (id, organization_id, name, url, event_names)
  values (v_id, tests.id(clinic), name, 'https://example.com/hooks', events);
  insert into app_private.webhook_endpoints (organization_id, subscription_id) values (tests.id(clinic), v_id);
  insert into app_private.webhook_secrets (organization_id, subscription_id, secret) values (tests.id(clinic), v_id, tests.envelope(1));
  perform tests.remember(name, v_id);
  return v_id;
end;
$$;

comment on function tests.webhooks(text, text, text[]) is 'A subscription of a clinic, by name.';
