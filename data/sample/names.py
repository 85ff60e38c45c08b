# SPDX-License-Identifier: GPL-3.0-or-later
"""Street names by theme: trees, flowers, regions, birds, crafts. Hebrew, then English."""

NAMES = {
    'trees': [
        ('הזית', 'HaZayit'), ('התאנה', 'HaTe\'ena'), ('הגפן', 'HaGefen'), ('הרימון', 'HaRimon'),
        ('התמר', 'HaTamar'), ('החרוב', 'HaHaruv'), ('האלון', 'HaAlon'), ('האלה', 'HaEla'),
        ('השקמה', 'HaShikma'), ('הברוש', 'HaBrosh'), ('האורן', 'HaOren'), ('השקד', 'HaShaked'),
        ('האגוז', 'HaEgoz'), ('הדקל', 'HaDekel'), ('הערבה', 'HaArava'), ('ההדס', 'HaHadas'),
        ('הצפצפה', 'HaTzaftzefa'), ('האשל', 'HaEshel'), ('השיטה', 'HaShita'), ('הסיגלון', 'HaSigalon'),
        ('הבאר', 'HaBe\'er'), ('השוק', 'HaShuk'), ('המייסדים', 'HaMeyasdim'), ('החורש', 'HaHoresh'),
        ('האקליפטוס', 'HaEkaliptus'), ('המעיין', 'HaMa\'ayan'), ('הגורן', 'HaGoren'), ('הכרם', 'HaKerem'),
        ('הפרדס', 'HaPardes'), ('הבציר', 'HaBatzir'), ('השער', 'HaSha\'ar'), ('המגדל', 'HaMigdal'),
        ('הדרור', 'HaDror'), ('הגיתית', 'HaGitit'), ('הקציר', 'HaKatzir'), ('האסיף', 'HaAsif'),
        ('הניצן', 'HaNitzan'), ('השורש', 'HaShoresh'), ('הענף', 'HaAnaf'), ('הצמרת', 'HaTzameret'),
        ('הבוסתן', 'HaBustan'), ('המשעול', 'HaMish\'ol'), ('הטרסה', 'HaTerasa'), ('הגדר', 'HaGader'),
    ],
    'flowers': [
        ('הרקפת', 'HaRakefet'), ('הכלנית', 'HaKalanit'), ('הנרקיס', 'HaNarkis'),
        ('היקינטון', 'HaYakinton'), ('החבצלת', 'HaHavatzelet'), ('הסביון', 'HaSavyon'),
        ('הדליה', 'HaDalia'), ('הוורד', 'HaVered'), ('היסמין', 'HaYasmin'), ('הלוטם', 'HaLotem'),
        ('האירוס', 'HaIrus'), ('הסיגלית', 'HaSigalit'), ('הצבעוני', 'HaTziv\'oni'),
        ('הרותם', 'HaRotem'), ('המרווה', 'HaMarva'), ('הלבנדר', 'HaLavender'), ('החרצית', 'HaHartzit'),
        ('הנורית', 'HaNurit'), ('הסייפן', 'HaSeifan'), ('הגומא', 'HaGome'), ('החצב', 'HaHatzav'),
    ],
    'regions': [
        ('הגליל', 'HaGalil'), ('הכרמל', 'HaKarmel'), ('הגלבוע', 'HaGilboa'), ('התבור', 'HaTavor'),
        ('החרמון', 'HaHermon'), ('השרון', 'HaSharon'), ('השפלה', 'HaShfela'), ('הנגב', 'HaNegev'),
        ('העמק', 'HaEmek'), ('הכינרת', 'HaKineret'), ('הירדן', 'HaYarden'), ('הירקון', 'HaYarkon'),
        ('הקישון', 'HaKishon'), ('הבשור', 'HaBesor'), ('המכתש', 'HaMakhtesh'), ('המדבר', 'HaMidbar'),
        ('החוף', 'HaHof'), ('הארבל', 'HaArbel'), ('המצוק', 'HaMatzok'), ('הרכס', 'HaRekhes'),
        ('הפסגה', 'HaPisga'), ('השחר', 'HaShahar'), ('המפרץ', 'HaMifratz'), ('הגיא', 'HaGai'),
    ],
    'birds': [
        ('הדוכיפת', 'HaDukhifat'), ('הסנונית', 'HaSnunit'), ('החסידה', 'HaHasida'),
        ('השלדג', 'HaShaldag'), ('הנשר', 'HaNesher'), ('העפרוני', 'HaEfroni'),
        ('הנחליאלי', 'HaNahlieli'), ('הבולבול', 'HaBulbul'), ('הצופית', 'HaTzufit'),
        ('החוחית', 'HaHohit'), ('הירגזי', 'HaYargazi'), ('השליו', 'HaSlav'), ('הקורא', 'HaKore'),
        ('העגור', 'HaAgur'), ('השקנאי', 'HaSaknai'), ('האנפה', 'HaAnafa'), ('הבז', 'HaBaz'),
        ('העיט', 'HaAyit'), ('הפשוש', 'HaPashosh'), ('הזמיר', 'HaZamir'), ('התור', 'HaTor'),
        ('הסלעית', 'HaSal\'it'), ('השחף', 'HaShahaf'), ('העורבני', 'HaOrvani'), ('החופמי', 'HaHofami'),
        ('השרקרק', 'HaShrakrak'), ('הכחל', 'HaKahal'), ('הנקר', 'HaNakar'), ('הסבכי', 'HaSivkhi'),
        ('הפרפור', 'HaParpur'), ('האדמון', 'HaAdmon'), ('החכלילית', 'HaHakhlilit'),
        ('הקיכלי', 'HaKikhli'), ('הברבור', 'HaBarbur'), ('המגלן', 'HaMaglan'), ('הכרוון', 'HaKarvan'),
        ('החוגלה', 'HaHogla'), ('הסיקסק', 'HaSiksak'), ('התמיר', 'HaTamir'), ('השרשיר', 'HaSharshir'),
    ],
    'crafts': [
        ('הנפח', 'HaNapah'), ('הנגר', 'HaNagar'), ('החרש', 'HaHarash'), ('הסתת', 'HaSatat'),
        ('האורג', 'HaOreg'), ('הקדר', 'HaKadar'), ('המסגר', 'HaMasger'), ('האופה', 'HaOfe'),
        ('היוצר', 'HaYotzer'), ('הטוחן', 'HaTohen'), ('הפחח', 'HaPahah'), ('הבנאי', 'HaBanai'),
    ],
}
