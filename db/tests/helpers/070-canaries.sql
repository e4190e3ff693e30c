-- A canary in every text of the two clinics: a word that exists nowhere else, so that finding it in an answer says
-- whose row it came from and which column. FND-05, SPC-05.

create table if not exists tests.canaries (
  canary text primary key,
  table_name text not null,
  column_name text not null,
  key jsonb not null
);

-- Columns whose values are chosen from a list or refer to other rows hold no canary. Everything else takes one of these
-- forms: a word, an address, a phone number, an object; amounts take a number.
create or replace function tests.plant_canaries() returns void
language plpgsql volatile security definer
as $$
declare
  v_column record;
  v_row record;
  v_form text;
  v_number int := 0;
  v_canary text;
begin
  -- Neither triggers nor foreign keys: the rows stay what they are, only their texts change.
  set local session_replication_role = replica;
  for v_column in
    select c.table_name, c.attname, c.typname, tests.primary_key_of(c.table_oid) as key_columns
    from tests.app_columns c
    join pg_catalog.pg_attribute a on a.attrelid = c.table_oid and a.attnum = c.attnum and a.attgenerated = ''
    where (c.typname in ('text', 'jsonb') or c.attname like '%\_amount')
      and c.table_name not in (select name from tests.platform_tables)
      and c.attname <> all (tests.primary_key_of(c.table_oid))
      and c.table_name <> 'audit.entries'
      and not exists (
        select from tests.app_foreign_keys fk where fk.conrelid = c.table_oid and c.attname = any (fk.columns))
  loop
    for v_row in
      select r.key from tests.fixture_rows r where r.table_name = v_column.table_name and r.home <> 'platform'
    loop
      v_number := v_number + 1;
      foreach v_form in array case v_column.typname
        when 'jsonb' then array['{"en": {"name": "canary%sx", "description": "canary%sx"}}']
        when 'int8' then array['770000%s']
        else array['canary%sx', 'canary%sx@people.test', '+40790%s'] end
      loop
        v_canary := replace(v_form, '%s', lpad(v_number::text, 5, '0'));
        begin
          execute format('update %s t set %I = $1::%s where %s',
            v_column.table_name, v_column.attname, v_column.typname, tests.t_is(v_column.table_name, v_column.key_columns, 2))
          using v_canary, v_row.key;
          insert into tests.canaries (canary, table_name, column_name, key)
          values (case v_column.typname when 'jsonb' then 'canary' || lpad(v_number::text, 5, '0') || 'x' else v_canary end,
            v_column.table_name, v_column.attname, v_row.key);
          exit;
        exception
          when check_violation or string_data_right_truncation then
            null;
        end;
      end loop;
    end loop;
  end loop;
  -- Of the audit log, hundreds of rows, the values: at once, because no constraint looks at them.
  with planted as (
    update audit.entries e set new = jsonb_build_object('note', format('canary%sx', lpad((v_number + numbered.n)::text, 5, '0')))
    from (
      select r.key, row_number() over (order by r.key) as n from tests.fixture_rows r
      where r.table_name = 'audit.entries' and r.home <> 'platform'
    ) as numbered
    where (e.scope_id, e.occurred_at, e.id)
      = ((numbered.key ->> 'scope_id')::uuid, (numbered.key ->> 'occurred_at')::timestamptz, (numbered.key ->> 'id')::uuid)
    returning e.new ->> 'note' as canary, numbered.key
  )
  insert into tests.canaries (canary, table_name, column_name, key)
  select planted.canary, 'audit.entries', 'new', planted.key from planted;
  set local session_replication_role = origin;
end;
$$;

comment on function tests.plant_canaries() is 'Plants tests.canaries into the fixture of tests.two_clinics().';

-- What anybody may see without signing in, through clinicBySlug, the listings that follow from it, and serviceAttachments.
create or replace view tests.publicly_shown as
with shown_calendars as (
  select c.* from app_public.calendars c
  join app_public.organizations o on o.id = c.organization_id and o.activated_at is not null and o.deleted_at is null
  where c.is_public and c.is_active and c.deleted_at is null
)
select 'app_public.organizations' as table_name, o.id,
       '{id,slug,name,contact_email,contact_phone,street,city}'::text[] as columns
from app_public.organizations o where o.activated_at is not null and o.deleted_at is null
union all
select 'app_public.calendars', c.id, '{id,name,translations,price_amount}' from shown_calendars c
union all
select 'app_public.services', s.id, '{id,name,description,translations,price_amount}'
from app_public.services s join app_public.organizations o on o.id = s.organization_id and o.activated_at is not null
where s.is_active and s.deleted_at is null
union all
-- What serviceAttachments hands out with a service on offer.
select 'app_public.files', f.id, '{id,filename}'
from app_public.files f
join app_public.services s on s.organization_id = f.organization_id and s.id = f.service_id and s.is_active and s.deleted_at is null
join app_public.organizations o on o.id = s.organization_id and o.activated_at is not null and o.deleted_at is null
where f.surface = 'service_attachments' and f.status = 'confirmed' and f.deleted_at is null
union all
select distinct 'app_public.specialists', s.id, '{id,title,given_name,family_name}'::text[]
from app_public.specialists s
join app_public.calendar_specialists cs on cs.specialist_id = s.id
join shown_calendars c on c.id = cs.calendar_id and c.assignment_strategy = 'specific'
where s.deleted_at is null and s.scheduling_active
union all
select distinct 'app_public.specialties', ss.specialty_id, '{name}'::text[]
from app_public.specialist_specialties ss;

-- What must never reach this person: ids of rows that their policies hide, and canaries in rows or columns that they
-- may not read. What the public sees is no secret and not here; nor is the bare id of an account or of an event that stands
-- in a row they do see (who booked, whose profile, what an automation began with): it leads nowhere.
create or replace function tests.forbidden_values(persona text)
returns table (value text, table_name text, column_name text, home text)
language plpgsql volatile
as $$
declare
  v_table record;
  v_keys jsonb;
  v_role oid := tests.role_of(persona);
  v_shown text := '';
  v_part text;
  -- What is shown to everybody: table, id and column, each in one word.
  v_public text[] := array(
    select concat_ws(' ', s.table_name, s.id, shown.column_name)
    from tests.publicly_shown s cross join unnest(s.columns) as shown (column_name));
begin
  for v_table in
    select t.oid, t.name, tests.primary_key_of(t.oid) as key_columns from tests.app_tables t
  loop
    v_keys := tests.visible_keys(persona, v_table.name, v_table.key_columns);
    if jsonb_array_length(v_keys) > 0 then
      execute format(
        'select string_agg(t::text, '' '') from (select %s from %s) t where %s in (select jsonb_array_elements($1))',
        (select string_agg(quote_ident(c.attname), ', ') from tests.app_columns c
         where c.table_oid = v_table.oid and has_column_privilege(v_role, v_table.oid, c.attnum, 'select')), v_table.name,
        tests.key_of_t(v_table.key_columns))
      into v_part using v_keys;
      v_shown := v_shown || coalesce(v_part, '');
    end if;
  end loop;

  for v_table in
    select t.oid, t.name, tests.primary_key_of(t.oid) as key_columns from tests.app_tables t
    where t.name not in (select p.name from tests.platform_tables p)
  loop
    v_keys := coalesce(tests.visible_keys(persona, v_table.name, v_table.key_columns), '[]');
    return query
      select r.key ->> v_table.key_columns[1], v_table.name, v_table.key_columns[1], r.home
      from tests.fixture_rows r
      where r.table_name = v_table.name and r.home <> 'platform'
        -- The key of what there is one of for a clinic is the clinic's, which is told by itself.
        and cardinality(v_table.key_columns) = 1 and v_table.key_columns[1] <> 'organization_id'
        and r.key not in (select jsonb_array_elements(v_keys))
        and not (v_table.name in ('app_public.humans', 'app_public.principals', 'app_private.events')
                 and strpos(v_shown, r.key ->> v_table.key_columns[1]) > 0)
        and concat_ws(' ', v_table.name, r.key ->> 'id', 'id') <> all (v_public)
      union all
      select c.canary, v_table.name, c.column_name, r.home
      from tests.canaries c
      join tests.fixture_rows r on r.table_name = c.table_name and r.key = c.key
      where c.table_name = v_table.name
        and not (c.key in (select jsonb_array_elements(v_keys)) and (
          has_column_privilege(v_role, v_table.oid, c.column_name, 'select')
          -- Whoever sees a clinic's entry may ask for its values, by a function rather than a grant.
          or v_table.name = 'audit.entries'))
        -- Staff of the clinic that saw the evidence of a link ask for it by a function, too.
        and not (v_table.name = 'app_private.caregiver_evidence' and exists (
          select
          from app_private.caregiver_evidence e
          join app_public.memberships m on m.organization_id = e.organization_id and m.ended_at is null
          join tests.personas p on p.principal_id = m.human_id
          join tests.company on company.acts_as = p.name and company.claims is null
          where to_jsonb(e) @> c.key and company.persona = forbidden_values.persona))
        and concat_ws(' ', v_table.name, c.key ->> 'id', c.column_name) <> all (v_public);
  end loop;
end;
$$;

comment on function tests.forbidden_values(text) is 'Ids and canaries that must not appear in any answer to this person.';

-- Whether anything of a clinic has changed since: one digest over all its rows.
create or replace function tests.digest_of(clinic text) returns text
language plpgsql stable
as $$
declare
  v_table record;
  v_part text;
  v_digest text := '';
begin
  for v_table in select t.name from tests.app_tables t join tests.tenant_tables tt on tt.oid = t.oid order by t.name loop
    execute format('select md5(coalesce(string_agg(t::text, '','' order by t::text), '''')) from %s t where organization_id = $1', v_table.name)
    into v_part using tests.id(clinic);
    v_digest := md5(v_digest || v_part);
  end loop;
  return v_digest;
end;
$$;
