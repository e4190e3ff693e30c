-- How the patients of a clinic rate its specialists: for the clinic alone. APT-04.

set role app_engine;

create or replace function app_public.specialist_ratings(organization_id uuid)
returns table (specialist_id uuid, review_count int, average_rating numeric)
language plpgsql stable strict security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(specialist_ratings.organization_id, 'reviews.view');
  return query
    select appointments.specialist_id, count(*)::int, round(avg(appointment_reviews.rating), 2)
    from app_public.appointment_reviews
    join app_public.appointments
      on appointments.organization_id = appointment_reviews.organization_id
      and appointments.id = appointment_reviews.appointment_id
      and appointments.deleted_at is null
    where appointment_reviews.organization_id = specialist_ratings.organization_id
    group by appointments.specialist_id
    order by appointments.specialist_id;
end;
$$;

comment on function app_public.specialist_ratings is
  'How many reviews each specialist of the clinic has, and their average; nobody who has none. Needs reviews.view.';
grant execute on function app_public.specialist_ratings to app_member;

reset role;
