-- Addresses are compared as ASCII alone: a letter that merely looks like one of ours is another letter. FND-03.
-- Behind the sources, because the constraints and the index call app_hidden.ascii_lower().

alter table app_public.humans
  drop constraint if exists humans_email_is_lower_case,
  -- squawk-ignore constraint-missing-not-valid
  add constraint humans_email_is_lower_case check (email = app_hidden.ascii_lower(email));

alter table app_private.suppressed_addresses
  drop constraint if exists suppressed_addresses_address_is_lower_case,
  -- squawk-ignore constraint-missing-not-valid
  add constraint suppressed_addresses_address_is_lower_case check (address = app_hidden.ascii_lower(address));

alter table app_private.opt_outs
  drop constraint if exists opt_outs_address_is_lower_case,
  -- squawk-ignore constraint-missing-not-valid
  add constraint opt_outs_address_is_lower_case check (address = app_hidden.ascii_lower(address));

-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.patient_profiles_email_idx;
-- squawk-ignore require-concurrent-index-creation
create index patient_profiles_email_idx on app_public.patient_profiles (app_hidden.ascii_lower(email));
