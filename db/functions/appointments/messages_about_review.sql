-- A review with few stars: whoever of the clinic may be told of those is told, once for each review. The message says
-- neither who wrote it nor what they wrote: that is read where rights are asked. APT-04, FND-15.

create or replace function app_private.messages_about_review(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  select array_agg(distinct row(null, memberships.human_id, null, null, null, null, null)::app_private.message_recipient)
  into v_recipients
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = event.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = 'reviews.alerted';
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'review_low_rating', v_recipients,
    jsonb_build_object(
      'rating', event.payload ->> 'rating',
      'specialistName', (
        select concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name)
        from app_public.specialists where specialists.id = (event.payload ->> 'specialistId')::uuid)),
    event_id => event.id);
end;
$$;

comment on function app_private.messages_about_review is
  'Queues what review.low_rating calls for: a note to each member with reviews.alerted.';
grant execute on function app_private.messages_about_review to app_engine;
