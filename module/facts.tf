# Generated from contract/, model/, schedule/ and the schema of the config file by `npm run build:module`; do not edit.

locals {
  kinds = {
    config = {
      name                   = "text"
      region                 = "text"
      timezone               = "text"
      trigger                = "text"
      code                   = "text"
      functions              = "object"
      targets                = "object"
      schedules              = "object"
      holidays               = "object"
      alerts                 = "object"
      kmsKeyArns             = "list"
      roleArn                = "text"
      schedulerRoleArn       = "text"
      rolePath               = "text"
      permissionsBoundaryArn = "text"
      allowedAccountIds      = "list"
      maxInstances           = "number"
      holdTag                = "text"
      followUps              = "bool"
      events                 = "bool"
      tags                   = "object"
      adopt                  = "object"
      backend                = "object"
      provider               = "object"
    }
    functions = {
      timeoutSeconds      = "number"
      memoryMb            = "number"
      logRetentionDays    = "number"
      runtime             = "text"
      architecture        = "text"
      vpc                 = "object"
      tracing             = "bool"
      reservedConcurrency = "number"
      logLevel            = "text"
      logGroupKmsKeyArn   = "text"
      keepLogGroups       = "bool"
      stopName            = "text"
      startName           = "text"
    }
    vpc = {
      subnetIds        = "list"
      securityGroupIds = "list"
    }
    target = {
      instanceIds = "list"
      tags        = "object"
      all         = "bool"
      exclude     = "object"
      regions     = "list"
      checks      = "object"
    }
    checks = {
      systemd = "list"
      tcp     = "list"
      command = "text"
    }
    schedule = {
      action         = "text"
      expression     = "text"
      running        = "texts"
      targets        = "texts"
      timezone       = "text"
      startDate      = "text"
      endDate        = "text"
      enabled        = "bool"
      description    = "text"
      holidays       = "text"
      stopOnHolidays = "bool"
      latestMinutes  = "number"
      warnMinutes    = "number"
      hibernate      = "bool"
    }
    calendar = {
      dates    = "list"
      ics      = "text"
      country  = "text"
      region   = "text"
      years    = "list"
      workdays = "list"
    }
    alerts = {
      snsTopicArn   = "text"
      email         = "text"
      missedFirings = "bool"
      onSuccess     = "bool"
    }
    adopt = {
      role      = "object"
      functions = "object"
      schedules = "object"
    }
    adopt_role = {
      name           = "text"
      path           = "text"
      description    = "text"
      keepPolicyArns = "list"
    }
    adopt_functions = {
      stop  = "object"
      start = "object"
    }
    adopt_function = {
      name              = "text"
      logGroup          = "bool"
      logGroupKmsKeyArn = "text"
    }
    adopt_schedule = {
      rule     = "text"
      targetId = "text"
      group    = "text"
      name     = "text"
    }
  }
  limits = {
    latestMinutes = {
      min     = 2
      max     = 1440
      unit    = "minutes"
      default = 60
    }
    warnMinutes = {
      min  = 1
      max  = 1440
      unit = "minutes"
    }
    maxInstances = {
      min     = 1
      max     = 100000
      unit    = "instances"
      default = 1000
    }
    timeoutSeconds = {
      min     = 1
      max     = 900
      unit    = "seconds"
      default = 300
    }
    memoryMb = {
      min     = 128
      max     = 10240
      unit    = "MB"
      default = 1024
    }
    reservedConcurrency = {
      min  = 1
      max  = 1000
      unit = "runs at a time"
    }
  }
  defaults = {
    name               = "ec2-start-stop"
    timezone           = "UTC"
    latest_minutes     = 60
    timeout_seconds    = 300
    memory_mb          = 1024
    log_retention_days = 30
    runtime            = "nodejs22.x"
    architecture       = "arm64"
    hold_tag           = "ec2-start-stop:hold"
  }
  known_triggers      = ["event-rule", "scheduler"]
  architectures       = ["arm64", "x86_64"]
  log_levels          = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
  max_subnets         = 16
  max_security_groups = 5
  tcp_port = {
    min = 1
    max = 65535
  }
  max_service_checks     = 20
  max_command_length     = 1024
  max_tag_key_length     = 128
  max_tag_value_length   = 256
  max_resource_tags      = 50
  max_description_length = 512
  max_name_length        = 64
  max_role_policy_length = 10240
  max_environment_bytes  = 4096
  max_rule_input_length  = 8192
  patterns = {
    account_id        = "^[0-9]{12}$"
    date              = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    email             = "^[^\\s@<>\"]+@[^\\s@<>\".]+(\\.[^\\s@<>\".]+)+$"
    iam_policy_text   = "^[\\t\\n\\r\\x{20}-\\x{ff}]*$"
    instance_id       = "^i-([0-9a-f]{8}|[0-9a-f]{17})$"
    kms_key_arn       = "^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$"
    name_prefix       = "^[A-Za-z0-9_-]+$"
    node_runtime      = "^nodejs(2[0-9]|[3-9][0-9])\\.x$"
    policy_arn        = "^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]+$"
    region_code       = "^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$"
    resource_tag      = "^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$"
    role_arn          = "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$"
    role_path         = "^/([!-~]{1,510}/)?$"
    schedule_name     = "^[A-Za-z0-9._-]+$"
    security_group_id = "^sg-([0-9a-f]{8}|[0-9a-f]{17})$"
    sns_topic_arn     = "^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$"
    subnet_id         = "^subnet-([0-9a-f]{8}|[0-9a-f]{17})$"
    systemd_unit      = "^[A-Za-z0-9:_.\\\\@][A-Za-z0-9:_.\\\\@-]{0,254}$"
  }
  partitions = {
    cn-      = "aws-cn"
    us-gov-  = "aws-us-gov"
    eusc-    = "aws-eusc"
    us-iso-  = "aws-iso"
    us-isob- = "aws-iso-b"
    eu-isoe- = "aws-iso-e"
    us-isof- = "aws-iso-f"
  }
  zone_abbreviations = {
    ACST      = "Australia/Adelaide"
    AEDT      = "Australia/Sydney"
    AEST      = "Australia/Sydney"
    AKST      = "America/Anchorage"
    AST       = "America/Halifax"
    AWST      = "Australia/Perth"
    BRT       = "America/Sao_Paulo"
    BST       = "Europe/London"
    CAT       = "Africa/Maputo"
    CDT       = "America/Chicago"
    CEST      = "Europe/Berlin"
    CET       = "Europe/Berlin"
    CST       = "America/Chicago"
    EAT       = "Africa/Nairobi"
    EDT       = "America/New_York"
    EEST      = "Europe/Athens"
    EET       = "Europe/Athens"
    EST       = "America/New_York"
    "ETC/GMT" = "UTC"
    "ETC/UTC" = "UTC"
    GMT       = "UTC"
    HKT       = "Asia/Hong_Kong"
    HST       = "Pacific/Honolulu"
    ICT       = "Asia/Bangkok"
    IST       = "Asia/Kolkata"
    JST       = "Asia/Tokyo"
    KST       = "Asia/Seoul"
    MDT       = "America/Denver"
    MSK       = "Europe/Moscow"
    MST       = "America/Denver"
    NPT       = "Asia/Kathmandu"
    NZDT      = "Pacific/Auckland"
    NZST      = "Pacific/Auckland"
    PDT       = "America/Los_Angeles"
    PHT       = "Asia/Manila"
    PKT       = "Asia/Karachi"
    PST       = "America/Los_Angeles"
    SAST      = "Africa/Johannesburg"
    SGT       = "Asia/Singapore"
    WAT       = "Africa/Lagos"
    WEST      = "Europe/Lisbon"
    WET       = "Europe/Lisbon"
    WIB       = "Asia/Jakarta"
    Z         = "UTC"
  }
  other_zones = {
    "Brazil/Acre"         = "America/Rio_Branco"
    "Brazil/DeNoronha"    = "America/Noronha"
    "Brazil/East"         = "America/Sao_Paulo"
    "Brazil/West"         = "America/Manaus"
    CET                   = "Europe/Brussels"
    "Canada/Atlantic"     = "America/Halifax"
    "Canada/Central"      = "America/Winnipeg"
    "Canada/Eastern"      = "America/Toronto"
    "Canada/Mountain"     = "America/Edmonton"
    "Canada/Newfoundland" = "America/St_Johns"
    "Canada/Pacific"      = "America/Vancouver"
    "Canada/Saskatchewan" = "America/Regina"
    "Canada/Yukon"        = "America/Whitehorse"
    "Chile/Continental"   = "America/Santiago"
    "Chile/EasterIsland"  = "Pacific/Easter"
    Cuba                  = "America/Havana"
    EET                   = "Europe/Athens"
    EST                   = "America/Panama"
    Egypt                 = "Africa/Cairo"
    Eire                  = "Europe/Dublin"
    "Etc/UCT"             = "UTC"
    "Etc/Universal"       = "UTC"
    "Etc/Zulu"            = "UTC"
    GB                    = "Europe/London"
    GB-Eire               = "Europe/London"
    HST                   = "Pacific/Honolulu"
    Hongkong              = "Asia/Hong_Kong"
    Iceland               = "Africa/Abidjan"
    Iran                  = "Asia/Tehran"
    Israel                = "Asia/Jerusalem"
    Jamaica               = "America/Jamaica"
    Japan                 = "Asia/Tokyo"
    Kwajalein             = "Pacific/Kwajalein"
    Libya                 = "Africa/Tripoli"
    MET                   = "Europe/Brussels"
    MST                   = "America/Phoenix"
    "Mexico/BajaNorte"    = "America/Tijuana"
    "Mexico/BajaSur"      = "America/Mazatlan"
    "Mexico/General"      = "America/Mexico_City"
    NZ                    = "Pacific/Auckland"
    NZ-CHAT               = "Pacific/Chatham"
    Navajo                = "America/Denver"
    PRC                   = "Asia/Shanghai"
    Poland                = "Europe/Warsaw"
    Portugal              = "Europe/Lisbon"
    ROC                   = "Asia/Taipei"
    ROK                   = "Asia/Seoul"
    Singapore             = "Asia/Singapore"
    Turkey                = "Europe/Istanbul"
    UCT                   = "UTC"
    "US/Alaska"           = "America/Anchorage"
    "US/Aleutian"         = "America/Adak"
    "US/Arizona"          = "America/Phoenix"
    "US/Central"          = "America/Chicago"
    "US/East-Indiana"     = "America/Indiana/Indianapolis"
    "US/Eastern"          = "America/New_York"
    "US/Hawaii"           = "Pacific/Honolulu"
    "US/Indiana-Starke"   = "America/Indiana/Knox"
    "US/Michigan"         = "America/Detroit"
    "US/Mountain"         = "America/Denver"
    "US/Pacific"          = "America/Los_Angeles"
    "US/Samoa"            = "Pacific/Pago_Pago"
    Universal             = "UTC"
    W-SU                  = "Europe/Moscow"
    WET                   = "Europe/Lisbon"
    Zulu                  = "UTC"
  }

  log_days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]

  manager_tags = [
    "aws:autoscaling:groupName",
    "karpenter.sh/nodepool",
    "karpenter.sh/provisioner-name",
    "eks:nodegroup-name",
    "eks:eks-cluster-name",
    "eks:cluster-name",
    "aws:elasticmapreduce:job-flow-id",
    "aws:batch:compute-environment",
  ]

  # With its offset from UTC, a zone in which clocks never change.
  zones_by_area = {
    Africa     = <<-EOT
      Abidjan=+00:00 Accra=+00:00 Addis_Ababa=+03:00 Algiers=+01:00 Asmara=+03:00 Asmera=+03:00 Bamako=+00:00
      Bangui=+01:00 Banjul=+00:00 Bissau=+00:00 Blantyre=+02:00 Brazzaville=+01:00 Bujumbura=+02:00 Cairo Casablanca
      Ceuta Conakry=+00:00 Dakar=+00:00 Dar_es_Salaam=+03:00 Djibouti=+03:00 Douala=+01:00 El_Aaiun Freetown=+00:00
      Gaborone=+02:00 Harare=+02:00 Johannesburg=+02:00 Juba=+02:00 Kampala=+03:00 Khartoum=+02:00 Kigali=+02:00
      Kinshasa=+01:00 Lagos=+01:00 Libreville=+01:00 Lome=+00:00 Luanda=+01:00 Lubumbashi=+02:00 Lusaka=+02:00
      Malabo=+01:00 Maputo=+02:00 Maseru=+02:00 Mbabane=+02:00 Mogadishu=+03:00 Monrovia=+00:00 Nairobi=+03:00
      Ndjamena=+01:00 Niamey=+01:00 Nouakchott=+00:00 Ouagadougou=+00:00 Porto-Novo=+01:00 Sao_Tome=+00:00
      Timbuktu=+00:00 Tripoli=+02:00 Tunis=+01:00 Windhoek=+02:00
    EOT
    America    = <<-EOT
      Adak Anchorage Anguilla=-04:00 Antigua=-04:00 Araguaina=-03:00 Argentina/Buenos_Aires=-03:00
      Argentina/Catamarca=-03:00 Argentina/ComodRivadavia=-03:00 Argentina/Cordoba=-03:00 Argentina/Jujuy=-03:00
      Argentina/La_Rioja=-03:00 Argentina/Mendoza=-03:00 Argentina/Rio_Gallegos=-03:00 Argentina/Salta=-03:00
      Argentina/San_Juan=-03:00 Argentina/San_Luis=-03:00 Argentina/Tucuman=-03:00 Argentina/Ushuaia=-03:00
      Aruba=-04:00 Asuncion=-03:00 Atikokan=-05:00 Atka Bahia=-03:00 Bahia_Banderas=-06:00 Barbados=-04:00
      Belem=-03:00 Belize=-06:00 Blanc-Sablon=-04:00 Boa_Vista=-04:00 Bogota=-05:00 Boise Buenos_Aires=-03:00
      Cambridge_Bay Campo_Grande=-04:00 Cancun=-05:00 Caracas=-04:00 Catamarca=-03:00 Cayenne=-03:00 Cayman=-05:00
      Chicago Chihuahua=-06:00 Ciudad_Juarez Coral_Harbour=-05:00 Cordoba=-03:00 Costa_Rica=-06:00 Coyhaique=-03:00
      Creston=-07:00 Cuiaba=-04:00 Curacao=-04:00 Danmarkshavn=+00:00 Dawson=-07:00 Dawson_Creek=-07:00 Denver
      Detroit Dominica=-04:00 Edmonton Eirunepe=-05:00 El_Salvador=-06:00 Ensenada Fort_Nelson=-07:00 Fort_Wayne
      Fortaleza=-03:00 Glace_Bay Godthab Goose_Bay Grand_Turk Grenada=-04:00 Guadeloupe=-04:00 Guatemala=-06:00
      Guayaquil=-05:00 Guyana=-04:00 Halifax Havana Hermosillo=-07:00 Indiana/Indianapolis Indiana/Knox
      Indiana/Marengo Indiana/Petersburg Indiana/Tell_City Indiana/Vevay Indiana/Vincennes Indiana/Winamac
      Indianapolis Inuvik Iqaluit Jamaica=-05:00 Jujuy=-03:00 Juneau Kentucky/Louisville Kentucky/Monticello Knox_IN
      Kralendijk=-04:00 La_Paz=-04:00 Lima=-05:00 Los_Angeles Louisville Lower_Princes=-04:00 Maceio=-03:00
      Managua=-06:00 Manaus=-04:00 Marigot=-04:00 Martinique=-04:00 Matamoros Mazatlan=-07:00 Mendoza=-03:00
      Menominee Merida=-06:00 Metlakatla Mexico_City=-06:00 Miquelon Moncton Monterrey=-06:00 Montevideo=-03:00
      Montreal Montserrat=-04:00 Nassau New_York Nipigon Nome Noronha=-02:00 North_Dakota/Beulah North_Dakota/Center
      North_Dakota/New_Salem Nuuk Ojinaga Panama=-05:00 Pangnirtung Paramaribo=-03:00 Phoenix=-07:00 Port-au-Prince
      Port_of_Spain=-04:00 Porto_Acre=-05:00 Porto_Velho=-04:00 Puerto_Rico=-04:00 Punta_Arenas=-03:00 Rainy_River
      Rankin_Inlet Recife=-03:00 Regina=-06:00 Resolute Rio_Branco=-05:00 Rosario=-03:00 Santa_Isabel
      Santarem=-03:00 Santiago Santo_Domingo=-04:00 Sao_Paulo=-03:00 Scoresbysund Shiprock Sitka
      St_Barthelemy=-04:00 St_Johns St_Kitts=-04:00 St_Lucia=-04:00 St_Thomas=-04:00 St_Vincent=-04:00
      Swift_Current=-06:00 Tegucigalpa=-06:00 Thule Thunder_Bay Tijuana Toronto Tortola=-04:00 Vancouver
      Virgin=-04:00 Whitehorse=-07:00 Winnipeg Yakutat Yellowknife
    EOT
    Antarctica = <<-EOT
      Casey=+08:00 Davis=+07:00 DumontDUrville=+10:00 Macquarie Mawson=+05:00 McMurdo Palmer=-03:00 Rothera=-03:00
      South_Pole Syowa=+03:00 Troll Vostok=+05:00
    EOT
    Arctic     = <<-EOT
      Longyearbyen
    EOT
    Asia       = <<-EOT
      Aden=+03:00 Almaty=+05:00 Amman=+03:00 Anadyr=+12:00 Aqtau=+05:00 Aqtobe=+05:00 Ashgabat=+05:00
      Ashkhabad=+05:00 Atyrau=+05:00 Baghdad=+03:00 Bahrain=+03:00 Baku=+04:00 Bangkok=+07:00 Barnaul=+07:00 Beirut
      Bishkek=+06:00 Brunei=+08:00 Calcutta=+05:30 Chita=+09:00 Choibalsan=+08:00 Chongqing=+08:00 Chungking=+08:00
      Colombo=+05:30 Dacca=+06:00 Damascus=+03:00 Dhaka=+06:00 Dili=+09:00 Dubai=+04:00 Dushanbe=+05:00 Famagusta
      Gaza Harbin=+08:00 Hebron Ho_Chi_Minh=+07:00 Hong_Kong=+08:00 Hovd=+07:00 Irkutsk=+08:00 Istanbul=+03:00
      Jakarta=+07:00 Jayapura=+09:00 Jerusalem Kabul=+04:30 Kamchatka=+12:00 Karachi=+05:00 Kashgar=+06:00
      Kathmandu=+05:45 Katmandu=+05:45 Khandyga=+09:00 Kolkata=+05:30 Krasnoyarsk=+07:00 Kuala_Lumpur=+08:00
      Kuching=+08:00 Kuwait=+03:00 Macao=+08:00 Macau=+08:00 Magadan=+11:00 Makassar=+08:00 Manila=+08:00
      Muscat=+04:00 Nicosia Novokuznetsk=+07:00 Novosibirsk=+07:00 Omsk=+06:00 Oral=+05:00 Phnom_Penh=+07:00
      Pontianak=+07:00 Pyongyang=+09:00 Qatar=+03:00 Qostanay=+05:00 Qyzylorda=+05:00 Rangoon=+06:30 Riyadh=+03:00
      Saigon=+07:00 Sakhalin=+11:00 Samarkand=+05:00 Seoul=+09:00 Shanghai=+08:00 Singapore=+08:00
      Srednekolymsk=+11:00 Taipei=+08:00 Tashkent=+05:00 Tbilisi=+04:00 Tehran=+03:30 Tel_Aviv Thimbu=+06:00
      Thimphu=+06:00 Tokyo=+09:00 Tomsk=+07:00 Ujung_Pandang=+08:00 Ulaanbaatar=+08:00 Ulan_Bator=+08:00
      Urumqi=+06:00 Ust-Nera=+10:00 Vientiane=+07:00 Vladivostok=+10:00 Yakutsk=+09:00 Yangon=+06:30
      Yekaterinburg=+05:00 Yerevan=+04:00
    EOT
    Atlantic   = <<-EOT
      Azores Bermuda Canary Cape_Verde=-01:00 Faeroe Faroe Jan_Mayen Madeira Reykjavik=+00:00 South_Georgia=-02:00
      St_Helena=+00:00 Stanley=-03:00
    EOT
    Australia  = <<-EOT
      ACT Adelaide Brisbane=+10:00 Broken_Hill Canberra Currie Darwin=+09:30 Eucla=+08:45 Hobart LHI Lindeman=+10:00
      Lord_Howe Melbourne NSW North=+09:30 Perth=+08:00 Queensland=+10:00 South Sydney Tasmania Victoria West=+08:00
      Yancowinna
    EOT
    Europe     = <<-EOT
      Amsterdam Andorra Astrakhan=+04:00 Athens Belfast Belgrade Berlin Bratislava Brussels Bucharest Budapest
      Busingen Chisinau Copenhagen Dublin Gibraltar Guernsey Helsinki Isle_of_Man Istanbul=+03:00 Jersey
      Kaliningrad=+02:00 Kiev Kirov=+03:00 Kyiv Lisbon Ljubljana London Luxembourg Madrid Malta Mariehamn
      Minsk=+03:00 Monaco Moscow=+03:00 Nicosia Oslo Paris Podgorica Prague Riga Rome Samara=+04:00 San_Marino
      Sarajevo Saratov=+04:00 Simferopol=+03:00 Skopje Sofia Stockholm Tallinn Tirane Tiraspol Ulyanovsk=+04:00
      Uzhgorod Vaduz Vatican Vienna Vilnius Volgograd=+03:00 Warsaw Zagreb Zaporozhye Zurich
    EOT
    Indian     = <<-EOT
      Antananarivo=+03:00 Chagos=+06:00 Christmas=+07:00 Cocos=+06:30 Comoro=+03:00 Kerguelen=+05:00 Mahe=+04:00
      Maldives=+05:00 Mauritius=+04:00 Mayotte=+03:00 Reunion=+04:00
    EOT
    Pacific    = <<-EOT
      Apia=+13:00 Auckland Bougainville=+11:00 Chatham Chuuk=+10:00 Easter Efate=+11:00 Enderbury=+13:00
      Fakaofo=+13:00 Fiji=+12:00 Funafuti=+12:00 Galapagos=-06:00 Gambier=-09:00 Guadalcanal=+11:00 Guam=+10:00
      Honolulu=-10:00 Johnston=-10:00 Kanton=+13:00 Kiritimati=+14:00 Kosrae=+11:00 Kwajalein=+12:00 Majuro=+12:00
      Marquesas=-09:30 Midway=-11:00 Nauru=+12:00 Niue=-11:00 Norfolk Noumea=+11:00 Pago_Pago=-11:00 Palau=+09:00
      Pitcairn=-08:00 Pohnpei=+11:00 Ponape=+11:00 Port_Moresby=+10:00 Rarotonga=-10:00 Saipan=+10:00 Samoa=-11:00
      Tahiti=-10:00 Tarawa=+12:00 Tongatapu=+13:00 Truk=+10:00 Wake=+12:00 Wallis=+12:00 Yap=+10:00
    EOT
  }
}
