-- A review with few stars: whoever of the clinic may be told of those is told, once for each review. The message says
-- neither who wrote it nor what they wrote: that is read where rights are asked. APT-04, FND-15.

create or replace function app_private.messages_about_review(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  v_recipients := app_private.staff_recipients(event.organization_id, 'reviews.alerted');
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
