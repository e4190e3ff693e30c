-- The one way in for telephone numbers, addresses and names, whoever writes them: a form, a verb, an import. A table
-- declares its columns in the arguments of its trigger, kind and column; a lint looks for columns that are of such a kind
-- and declared nowhere. What did not change is not read again, so that a rule that grew stricter stops nobody from
-- changing something else. FND-07, FND-34.
-- A person is a name that goes into mails to whoever is written to, so it holds no link. An account's name is none of
-- these: it comes from the identity provider, who must not be kept from signing somebody in, and greets only themselves.

set role app_engine;

create or replace function app_private.tg_read_facts() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_new jsonb := to_jsonb(new);
  v_old jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) else '{}' end;
  v_read jsonb := '{}';
  v_kind text;
  v_column text;
  v_field text;
  v_value text;
  v_problem text;
begin
  for i in 0 .. tg_nargs - 1 loop
    v_kind := split_part(tg_argv[i], ' ', 1);
    v_column := split_part(tg_argv[i], ' ', 2);
    v_value := v_new ->> v_column;
    continue when v_value is null or v_value = v_old ->> v_column;
    v_field := app_private.camel_case(v_column);
    v_problem := null;
    case v_kind
      when 'name' then
        v_value := app_hidden.read_name(v_value);
      when 'person' then
        v_value := app_hidden.read_name(v_value);
        perform app_private.require_no_link(v_field, v_value);
      when 'email' then
        select reading.address, reading.problem into v_value, v_problem from app_hidden.read_email(v_value) as reading;
        if v_problem is not null then
          perform app_hidden.refuse_email(v_problem, v_field);
        end if;
      when 'phone' then
        select reading.number, reading.problem into v_value, v_problem
        from app_hidden.read_phone(
          v_value,
          coalesce(v_new ->> 'country',
                   app_private.home_region(tg_table_name, (v_new ->> 'organization_id')::uuid, (v_new ->> 'id')::uuid))) as reading;
        if v_problem is not null then
          perform app_hidden.refuse_phone(v_problem, v_field);
        end if;
    end case;
    v_read := v_read || jsonb_build_object(v_column, v_value);
  end loop;
  return jsonb_populate_record(new, v_read);
end;
$$;

comment on function app_private.tg_read_facts is
  'Reads the columns named in its arguments ("phone contact_phone", "email …", "name …", "person …") as people write them, or refuses '
  'with VALIDATION, the reason and the field. Trigger _050_read_facts.';

reset role;
