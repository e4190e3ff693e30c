-- An appointment is made by book() alone; every verb that calls it locks the patient through the one function that says
-- who may be booked for, and it keeps the organizer of the calendar entry from the moment of booking. APT-01, APT-08.

create or replace function tests.lint_bookings() returns table (object text, problem text)
language sql stable as $$
  select f.name, missing.problem
  from tests.app_functions f
  cross join lateral (
    select 'books and locks the patient neither by require_to_book(), say_who_it_is() nor patient_of_step()' as problem
    where f.prosrc ~ '\mapp_private\.book\s*\('
      and f.prosrc !~ '\mapp_private\.(require_to_book|say_who_it_is|patient_of_step)\s*\('
    union all
    select 'makes an appointment beside book()'
    where f.prosrc ~ '\minsert into app_public\.appointments\M' and f.proname <> 'book'
    union all
    select 'books without an organizer_email'
    where f.prosrc ~ '\minsert into app_public\.appointments\M'
      and f.prosrc !~ '\minsert into app_public\.appointments \([^)]*\morganizer_email\M'
  ) as missing;
$$;
