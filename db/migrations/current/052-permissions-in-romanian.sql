-- What a permission allows, in Romanian: administrators choose permissions on pages. FND-04.

alter table app_public.permissions add column if not exists description_ro text;
comment on column app_public.permissions.description_ro is E'@nullable\nWhat it allows, in Romanian.';
