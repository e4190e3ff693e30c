-- What a line says, in Romanian and English. BIL-02.

create or replace function app_private.line_descriptions(line app_private.bill_line) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'en', concat(case (line).kind
        when 'plan' then coalesce(tiers.names ->> 'en', 'Plan')
        when 'plan_change' then coalesce(tiers.names ->> 'en', 'Plan') || case when (line).amount < 0 then ', days not used' else ', days left' end
        when 'setup' then 'Setup of a dedicated server'
        when 'overage' then rtrim(meters.description, '.') || ', beyond the included'
        when 'late_overage' then rtrim(meters.description, '.') || ', beyond the included, told late'
        when 'ai' then 'AI calls'
        when 'late_ai' then 'AI calls, known late'
        else 'Credit carried over' end,
      case when (line).kind <> 'credit' then to_char((line).starts_on, ' (YYYY-MM-DD') || to_char((line).ends_on - 1, ' – YYYY-MM-DD)') end),
    'ro', concat(case (line).kind
        when 'plan' then 'Abonament ' || coalesce(tiers.names ->> 'ro', tiers.names ->> 'en')
        when 'plan_change' then 'Abonament ' || coalesce(tiers.names ->> 'ro', tiers.names ->> 'en')
          || case when (line).amount < 0 then ', zile nefolosite' else ', zile rămase' end
        when 'setup' then 'Instalarea unui server dedicat'
        when 'overage' then rtrim(meters.description_ro, '.') || ', peste ce este inclus'
        when 'late_overage' then rtrim(meters.description_ro, '.') || ', peste ce este inclus, aflate târziu'
        when 'ai' then 'Apeluri AI'
        when 'late_ai' then 'Apeluri AI, aflate târziu'
        else 'Credit reportat' end,
      case when (line).kind <> 'credit' then to_char((line).starts_on, ' (DD.MM.YYYY') || to_char((line).ends_on - 1, ' – DD.MM.YYYY)') end))
  from (values (true)) as one
  left join app_public.platform_tier_versions as versions on versions.id = (line).tier_version_id
  left join app_public.platform_tiers as tiers on tiers.id = versions.tier_id
  left join app_public.meters on meters.key = (line).meter
$$;

comment on function app_private.line_descriptions is 'The words of a line by language; its last day is the day before ends_on.';
grant execute on function app_private.line_descriptions to app_engine;
