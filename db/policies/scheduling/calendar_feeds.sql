-- Staff see which feeds there are, whose and by whom; nobody sees their addresses. Made and revoked by verbs. APT-08.

select app_private.classify('app_public.calendar_feeds', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "shows_initials", "created_by", "created_at", "revoked_at"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}');
select app_private.protect('app_public.calendar_feeds', engine => 'select, insert, update (revoked_at)');

grant select (id, organization_id, specialist_id, shows_initials, created_by, created_at, revoked_at)
   on app_public.calendar_feeds to app_member;

create policy calendar_feeds_select_staff on app_public.calendar_feeds for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));
