-- Whether the caller runs the platform: so that a page knows whether it is for them before they try anything. FND-04.

create or replace function app_public.runs_platform() returns boolean
language sql stable
set search_path = ''
return app_hidden.is_superadmin();

comment on function app_public.runs_platform is 'Whether the caller is a superadmin of the platform.';
grant execute on function app_public.runs_platform to app_member;
