-- Numbering plans: how long a telephone number of a region is, what is dialled before it at home, how it begins. FND-07.
-- What fills them is written by `npm run phone-numbers` from libphonenumber's metadata.

drop function if exists app_hidden.read_phone(text, text);
drop function if exists app_hidden.without_trunk_prefix(text, app_hidden.phone_regions);
drop function if exists app_hidden.phone_region_of(text, text);
-- squawk-ignore ban-drop-table
drop table if exists app_hidden.phone_regions;

create table app_hidden.phone_regions (
  region text primary key,
  calling_code text not null,
  place int not null,
  idd_prefix text,
  national_prefix text,
  national_prefix_becomes text,
  national_number text not null,
  leading_digits text,
  assigned_numbers text,
  possible_lengths int[] not null,
  constraint phone_regions_calling_code_is_digits check (calling_code ~ '^[1-9][0-9]{0,2}$'),
  constraint phone_regions_region_is_a_code check (region ~ '^[A-Z]{2}$' or region = '+' || calling_code),
  constraint phone_regions_place_counts_from_one check (place >= 1),
  constraint phone_regions_place_is_unique unique (calling_code, place)
);
comment on table app_hidden.phone_regions is
  'Numbering plans of the world, from libphonenumber: lengths, trunk prefixes, shapes. Patterns are regular expressions.';
comment on column app_hidden.phone_regions.region is 'ISO 3166 code; the calling code with its plus where it is no country''s.';
comment on column app_hidden.phone_regions.place is 'Order among the regions that share a calling code; the first has the plan that all follow.';
comment on column app_hidden.phone_regions.idd_prefix is 'What is dialled before a calling code.';
comment on column app_hidden.phone_regions.national_prefix is 'What is dialled before a national number at home, such as 0; null where nothing is.';
comment on column app_hidden.phone_regions.national_prefix_becomes is 'What stands in its place, where its pattern keeps a part.';
comment on column app_hidden.phone_regions.national_number is 'Every national number fits it.';
comment on column app_hidden.phone_regions.leading_digits is 'Tells the region among those that share a calling code.';
comment on column app_hidden.phone_regions.assigned_numbers is 'The same, where no leading digits tell.';
