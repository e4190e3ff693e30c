--! Previous: sha1:fa588c9a8486df0570abcca516e1d655189915a8
--! Hash: sha1:0a99f3e176bec3b34009794e012349972ebc2677
--! Message: phone numbers read as themselves

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/facts/read_phone.sql
-- A telephone number as people write, paste and speak it, read as libphonenumber reads it: `0722 123 456`,
-- `+40 (0)722 123 456`, `0040722123456`, `tel:…`, with the invisible characters that a copied contact brings. What is
-- returned can be dialled from anywhere, or the problem says why not. Lengths and the general shape of a plan decide, not
-- which numbers are assigned at the moment: operators hand out new ones faster than anybody updates. FND-07.

create or replace function app_hidden.read_phone(phone text, region text, out number text, out problem text)
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  -- Full-width signs become plain ones; digits of Arabic keyboards too.
  v_text text := translate(normalize(phone, nfkc), '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789');
  v_digits text;
  v_idd text;
  v_calling_code text;
  v_shorter text;
  v_dialled text;
  v_plan app_hidden.phone_regions;
  v_exact app_hidden.phone_regions;
begin
  v_text := regexp_replace(v_text, '[\u0009\u000a\u000d\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]', '', 'g');
  v_text := btrim(regexp_replace(v_text, '^\s*tel:', '', 'i'));
  if phone is null or v_text = '' then
    return;
  end if;
  v_digits := regexp_replace(v_text, '[^0-9]', '', 'g');
  -- Letters, a second plus, a star, an extension: nothing of it is guessed at.
  if v_digits = '' or v_text !~ '^[ (\[]*\+?[0-9 ()\[\]./~\-\u2010-\u2015\u2212\u2053\u223c\u30fc]*$' then
    problem := 'not_a_number';
    return;
  elsif length(v_digits) < 3 then
    problem := 'too_short';
    return;
  elsif length(v_text) > 250 then
    problem := 'too_long';
    return;
  end if;

  -- A clinic says its region; where only its calling code is known, that of the first region is meant.
  select phone_regions.* into v_plan
  from app_hidden.phone_regions
  where phone_regions.region = read_phone.region
     or phone_regions.calling_code = read_phone.region and phone_regions.place = 1;

  -- The longest way to call abroad decides: 0015 0… of Bolivia, where 0015 is one, is not 00 and a number of +1.
  v_idd := substring(v_digits from '^(?:' || coalesce(v_plan.idd_prefix, case when v_plan is null then '00' end) || ')');
  if v_text like '%+%' or substr(v_digits, length(v_idd) + 1, 1) between '1' and '9' then
    if v_text not like '%+%' then
      v_digits := substr(v_digits, length(v_idd) + 1);
    end if;
    v_plan := null;
    -- No calling code begins another.
    select phone_regions.* into v_plan
    from app_hidden.phone_regions
    where phone_regions.calling_code in (left(v_digits, 1), left(v_digits, 2), left(v_digits, 3)) and phone_regions.place = 1;
    v_calling_code := v_plan.calling_code;
    v_digits := substr(v_digits, length(v_calling_code) + 1);
  elsif v_digits like v_plan.calling_code || '%' then
    -- 40722123456 is +40722123456 without its plus, unless it is a number of the region as it stands.
    v_calling_code := v_plan.calling_code;
    v_shorter := substr(v_digits, length(v_calling_code) + 1);
    number := app_hidden.without_trunk_prefix(v_digits, v_plan);
    if length(number) > (select max(possible) from unnest(v_plan.possible_lengths) as possible)
       or (number !~ ('^(?:' || v_plan.national_number || ')$')
           and app_hidden.without_trunk_prefix(v_shorter, v_plan) ~ ('^(?:' || v_plan.national_number || ')$')) then
      v_digits := v_shorter;
      select phone_regions.* into v_plan
      from app_hidden.phone_regions
      where phone_regions.calling_code = v_calling_code and phone_regions.place = 1;
    end if;
    number := null;
  end if;
  if v_plan.region is null then
    problem := 'unknown_country';
    return;
  end if;

  v_dialled := v_digits;
  v_digits := app_hidden.without_trunk_prefix(v_dialled, v_plan);
  v_exact := app_hidden.phone_region_of(v_plan.calling_code, v_digits);
  v_plan := case when v_exact.region is null then v_plan else v_exact end;
  problem := case
    -- What E.164 allows at most, and our columns at least.
    when length(v_plan.calling_code || v_digits) > 15 then 'too_long'
    when length(v_plan.calling_code || v_digits) < 7 then 'too_short'
    else app_hidden.phone_length_problem(length(v_digits), v_plan.possible_lengths)
  end;
  if problem is null and v_exact.region is null then
    -- 389 3371 is dialled within Canada alone: from abroad the first region of the calling code decides.
    select app_hidden.phone_length_problem(length(v_digits), first.possible_lengths) into problem
    from app_hidden.phone_regions as first
    where first.calling_code = v_plan.calling_code and first.place = 1;
  end if;
  if problem is null and v_digits !~ ('^(?:' || v_plan.national_number || ')$') then
    -- 072200012 has nine digits, as numbers of Romania have; but its zero is the trunk prefix, and one is missing.
    problem := coalesce(
      case when v_digits = v_dialled then
        app_hidden.phone_length_problem(
          length(v_digits) - length((regexp_match(v_digits, '^((?:' || v_plan.national_prefix || '))'))[1]),
          v_plan.possible_lengths)
      end,
      'not_in_use');
  end if;
  if problem is null and app_hidden.without_trunk_prefix(v_digits, v_plan) <> v_digits then
    -- +55 90 5390 11431 would lose its 90 the next time that it is read: what is kept reads as itself.
    problem := 'not_in_use';
  end if;
  if problem is null then
    number := '+' || v_plan.calling_code || v_digits;
  end if;
end;
$$;

comment on function app_hidden.read_phone is
  'A telephone number in E.164, read in a region (ISO 3166 code or calling code; null: none) where it names no country; '
  'else what is wrong: not_a_number, too_short, too_long, wrong_length, not_in_use, unknown_country. Nothing written is no number.';
grant execute on function app_hidden.read_phone to app_member, app_engine;
-- end of source: functions/facts/read_phone.sql
