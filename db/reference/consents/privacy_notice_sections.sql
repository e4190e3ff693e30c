-- The sections of each template, in Romanian and English. FND-19.

select app_private.own_rows('app_public.privacy_notice_sections', rows => '
template_version: 1
key: controller
position: 1
is_optional: false
title_ro: Cine prelucrează datele
title_en: Who processes the data
body_ro: {{clinicName}}, {{clinicAddress}}, este operatorul datelor dumneavoastră. Ne puteți scrie la {{clinicEmail}} sau suna la {{clinicPhone}}.
body_en: {{clinicName}}, {{clinicAddress}}, is the controller of your data. You can write to {{clinicEmail}} or call {{clinicPhone}}.
==========
template_version: 1
key: rights
position: 2
is_optional: false
title_ro: Drepturile dumneavoastră
title_en: Your rights
body_ro: Puteți cere să vedeți datele, să le îndreptăm, să le ștergem sau să le mutăm, și vă puteți plânge la ANSPDCP.
body_en: You may ask to see your data, to have it corrected, erased or moved, and you may complain to the Romanian authority, ANSPDCP.
==========
template_version: 1
key: cross_border_transfer
position: 3
is_optional: true
title_ro: Transferul datelor în alte țări
title_en: Transfer to other countries
body_ro: Unii furnizori prelucrează date în afara Spațiului Economic European, cu garanțiile pe care le cere legea.
body_en: Some vendors process data outside the European Economic Area, with the safeguards that the law asks for.
');
