# Generated from contract/, schedule/ and the schema of the config file by `npm run build:module`; do not edit.

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

  zones_by_area = {
    Africa     = <<-EOT
      Abidjan Accra Addis_Ababa Algiers Asmara Asmera Bamako Bangui Banjul Bissau Blantyre Brazzaville Bujumbura
      Cairo Casablanca Ceuta Conakry Dakar Dar_es_Salaam Djibouti Douala El_Aaiun Freetown Gaborone Harare
      Johannesburg Juba Kampala Khartoum Kigali Kinshasa Lagos Libreville Lome Luanda Lubumbashi Lusaka Malabo
      Maputo Maseru Mbabane Mogadishu Monrovia Nairobi Ndjamena Niamey Nouakchott Ouagadougou Porto-Novo Sao_Tome
      Timbuktu Tripoli Tunis Windhoek
    EOT
    America    = <<-EOT
      Adak Anchorage Anguilla Antigua Araguaina Argentina/Buenos_Aires Argentina/Catamarca Argentina/ComodRivadavia
      Argentina/Cordoba Argentina/Jujuy Argentina/La_Rioja Argentina/Mendoza Argentina/Rio_Gallegos Argentina/Salta
      Argentina/San_Juan Argentina/San_Luis Argentina/Tucuman Argentina/Ushuaia Aruba Asuncion Atikokan Atka Bahia
      Bahia_Banderas Barbados Belem Belize Blanc-Sablon Boa_Vista Bogota Boise Buenos_Aires Cambridge_Bay
      Campo_Grande Cancun Caracas Catamarca Cayenne Cayman Chicago Chihuahua Ciudad_Juarez Coral_Harbour Cordoba
      Costa_Rica Coyhaique Creston Cuiaba Curacao Danmarkshavn Dawson Dawson_Creek Denver Detroit Dominica Edmonton
      Eirunepe El_Salvador Ensenada Fort_Nelson Fort_Wayne Fortaleza Glace_Bay Godthab Goose_Bay Grand_Turk Grenada
      Guadeloupe Guatemala Guayaquil Guyana Halifax Havana Hermosillo Indiana/Indianapolis Indiana/Knox
      Indiana/Marengo Indiana/Petersburg Indiana/Tell_City Indiana/Vevay Indiana/Vincennes Indiana/Winamac
      Indianapolis Inuvik Iqaluit Jamaica Jujuy Juneau Kentucky/Louisville Kentucky/Monticello Knox_IN Kralendijk
      La_Paz Lima Los_Angeles Louisville Lower_Princes Maceio Managua Manaus Marigot Martinique Matamoros Mazatlan
      Mendoza Menominee Merida Metlakatla Mexico_City Miquelon Moncton Monterrey Montevideo Montreal Montserrat
      Nassau New_York Nipigon Nome Noronha North_Dakota/Beulah North_Dakota/Center North_Dakota/New_Salem Nuuk
      Ojinaga Panama Pangnirtung Paramaribo Phoenix Port-au-Prince Port_of_Spain Porto_Acre Porto_Velho Puerto_Rico
      Punta_Arenas Rainy_River Rankin_Inlet Recife Regina Resolute Rio_Branco Rosario Santa_Isabel Santarem Santiago
      Santo_Domingo Sao_Paulo Scoresbysund Shiprock Sitka St_Barthelemy St_Johns St_Kitts St_Lucia St_Thomas
      St_Vincent Swift_Current Tegucigalpa Thule Thunder_Bay Tijuana Toronto Tortola Vancouver Virgin Whitehorse
      Winnipeg Yakutat Yellowknife
    EOT
    Antarctica = <<-EOT
      Casey Davis DumontDUrville Macquarie Mawson McMurdo Palmer Rothera South_Pole Syowa Troll Vostok
    EOT
    Arctic     = <<-EOT
      Longyearbyen
    EOT
    Asia       = <<-EOT
      Aden Almaty Amman Anadyr Aqtau Aqtobe Ashgabat Ashkhabad Atyrau Baghdad Bahrain Baku Bangkok Barnaul Beirut
      Bishkek Brunei Calcutta Chita Choibalsan Chongqing Chungking Colombo Dacca Damascus Dhaka Dili Dubai Dushanbe
      Famagusta Gaza Harbin Hebron Ho_Chi_Minh Hong_Kong Hovd Irkutsk Istanbul Jakarta Jayapura Jerusalem Kabul
      Kamchatka Karachi Kashgar Kathmandu Katmandu Khandyga Kolkata Krasnoyarsk Kuala_Lumpur Kuching Kuwait Macao
      Macau Magadan Makassar Manila Muscat Nicosia Novokuznetsk Novosibirsk Omsk Oral Phnom_Penh Pontianak Pyongyang
      Qatar Qostanay Qyzylorda Rangoon Riyadh Saigon Sakhalin Samarkand Seoul Shanghai Singapore Srednekolymsk
      Taipei Tashkent Tbilisi Tehran Tel_Aviv Thimbu Thimphu Tokyo Tomsk Ujung_Pandang Ulaanbaatar Ulan_Bator Urumqi
      Ust-Nera Vientiane Vladivostok Yakutsk Yangon Yekaterinburg Yerevan
    EOT
    Atlantic   = <<-EOT
      Azores Bermuda Canary Cape_Verde Faeroe Faroe Jan_Mayen Madeira Reykjavik South_Georgia St_Helena Stanley
    EOT
    Australia  = <<-EOT
      ACT Adelaide Brisbane Broken_Hill Canberra Currie Darwin Eucla Hobart LHI Lindeman Lord_Howe Melbourne NSW
      North Perth Queensland South Sydney Tasmania Victoria West Yancowinna
    EOT
    Europe     = <<-EOT
      Amsterdam Andorra Astrakhan Athens Belfast Belgrade Berlin Bratislava Brussels Bucharest Budapest Busingen
      Chisinau Copenhagen Dublin Gibraltar Guernsey Helsinki Isle_of_Man Istanbul Jersey Kaliningrad Kiev Kirov Kyiv
      Lisbon Ljubljana London Luxembourg Madrid Malta Mariehamn Minsk Monaco Moscow Nicosia Oslo Paris Podgorica
      Prague Riga Rome Samara San_Marino Sarajevo Saratov Simferopol Skopje Sofia Stockholm Tallinn Tirane Tiraspol
      Ulyanovsk Uzhgorod Vaduz Vatican Vienna Vilnius Volgograd Warsaw Zagreb Zaporozhye Zurich
    EOT
    Indian     = <<-EOT
      Antananarivo Chagos Christmas Cocos Comoro Kerguelen Mahe Maldives Mauritius Mayotte Reunion
    EOT
    Pacific    = <<-EOT
      Apia Auckland Bougainville Chatham Chuuk Easter Efate Enderbury Fakaofo Fiji Funafuti Galapagos Gambier
      Guadalcanal Guam Honolulu Johnston Kanton Kiritimati Kosrae Kwajalein Majuro Marquesas Midway Nauru Niue
      Norfolk Noumea Pago_Pago Palau Pitcairn Pohnpei Ponape Port_Moresby Rarotonga Saipan Samoa Tahiti Tarawa
      Tongatapu Truk Wake Wallis Yap
    EOT
  }
}
