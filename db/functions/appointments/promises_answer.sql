-- Whether the guest is told by when the clinic answers. APT-09.

create or replace function app_private.promises_answer(request app_public.booking_requests) returns boolean
language sql immutable
set search_path = ''
return request.respond_by < request.starts_at;

comment on function app_private.promises_answer is
  'False where an answer could come as late as the time itself: a guest who waited for it could not come any more.';
grant execute on function app_private.promises_answer to app_engine;
