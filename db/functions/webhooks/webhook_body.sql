-- What is sent: ids and times, as events carry them; whoever wants to know more asks the API, where rights are asked.
-- It is kept as text, and those bytes are signed and sent. WHK-01, WHK-02.

create or replace function app_private.webhook_body(
  name text, occurred_at timestamptz, sequence bigint, organization_id uuid, data jsonb
) returns text
language sql stable
set search_path = ''
return json_build_object(
  'type', name,
  'timestamp', to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'sequence', sequence,
  'organizationId', organization_id,
  'data', data)::text;

comment on function app_private.webhook_body is 'The body of a delivery, as it is stored, signed and sent.';
grant execute on function app_private.webhook_body to app_engine;
