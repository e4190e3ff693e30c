-- A clinic at which patients wait for a time on Mondays, in one line; and the offers that its front desk makes them.

create or replace function tests.waitlist_clinic(people text[] default '{ana,bogdan}') returns void
language plpgsql volatile security definer
as $$
begin
  perform tests.freeze_time('2027-03-01 10:00+02');
  perform tests.clinic('atlas');
  perform tests.staff('flavia', 'front_desk');
  perform tests.specialist('stefan', '{"mon": [["09:00", "13:00"]]}');
  perform tests.calendar('mondays', '{stefan}');
  perform tests.patient(name) from unnest(people) as name;
  insert into app_public.waitlist_entries
    (id, organization_id, calendar_id, starts_on, ends_on, patient_profile_id, locale, token_hash)
  select tests.remember('wait of ' || name, uuidv7()), tests.id('atlas'), tests.id('mondays'), '2027-03-08', '2027-04-30',
    tests.id(name), 'ro', sha256(name::bytea)
  from unnest(people) as name;
end;
$$;

comment on function tests.waitlist_clinic(text[]) is
  'Atlas on a Monday at ten: Stefan is there on Mondays from nine to one, and these patients wait for a time from next week on.';

-- By the caller, since nobody becomes somebody else inside of a definer's function.
create or replace function tests.offer(patient text, starts_at timestamptz) returns void
language plpgsql volatile
as $$
begin
  perform tests.act_as('flavia');
  perform tests.remember('offer to ' || patient, (app_public.offer_time(tests.id('wait of ' || patient), offer.starts_at)).id);
  perform tests.act_as('the database');
end;
$$;

comment on function tests.offer(text, timestamptz) is 'Front desk offers a time to a patient who waits: "offer to <patient>" is the last one.';
