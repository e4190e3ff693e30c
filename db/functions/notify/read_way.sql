-- Where somebody is reached over a channel, as it is kept, however it was written: an address or a number. A channel that
-- there is not, and what nobody can be reached at, is refused rather than looked for in vain. FND-34, FND-35.

create or replace function app_private.read_way(channel text, address text, organization_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_reaches text;
  v_read text;
  v_problem text;
begin
  select channels.reaches into v_reaches from app_private.channels where channels.name = read_way.channel;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'message_channel_unknown',
      jsonb_build_object('field', 'channel', 'legal', (
        select jsonb_agg(channels.name order by channels.name) from app_private.channels)));
  end if;

  case v_reaches
    when 'email' then
      select reading.address, reading.problem into v_read, v_problem from app_hidden.read_email(read_way.address) as reading;
      if v_problem is not null then
        perform app_hidden.refuse_email(v_problem, 'address');
      end if;
    when 'phone' then
      select reading.number, reading.problem into v_read, v_problem
      from app_hidden.read_phone(
        read_way.address, app_private.home_region('messages', read_way.organization_id, null)) as reading;
      if v_problem is not null then
        perform app_hidden.refuse_phone(v_problem, 'address');
      end if;
    else
      v_read := btrim(read_way.address);
  end case;
  if v_read is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "address"}');
  end if;
  return v_read;
end;
$$;

comment on function app_private.read_way is
  'The address or number over a channel as it is kept; VALIDATION with the reason for a channel or an address that is none.';
grant execute on function app_private.read_way to app_engine;
