"""Writes ``tests/data/customer_pairs.csv``: pairs of customers as people type them, labelled by hand.

``python -m tests.customer_pairs``. Names, Arabic and every hard pair below were written and labelled one by one; what
the rules make of them (legal forms, slips, order) is the same by construction. Decided where one could differ:
a name without its words of activity is the same ("Muscat Steel" and "Muscat Steel Trading"); the same own word in two
trades is not ("Al Maha Trading" and "Al Maha Contracting"); nor are two people of one family.
"""

import csv
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "data" / "customer_pairs.csv"


class Side(NamedTuple):
    """A customer as typed."""

    name: str
    domain: str = ""
    registration: str = ""


class Pair(NamedTuple):
    """Two customers, whether they are the same, and what kind of pair it is."""

    same: bool
    kind: str
    a: Side
    b: Side


# English, Arabic, domain.
ORGANISATIONS = [
    ("Al Maha Trading", "المها للتجارة", "almahatrading.om"),
    ("Bank Muscat", "بنك مسقط", "bankmuscat.com"),
    ("Bank Dhofar", "بنك ظفار", "bankdhofar.com"),
    ("Oman Cement", "أسمنت عمان", "omancement.com"),
    ("Salalah Retail", "صلالة للتجزئة", "salalahretail.om"),
    ("Galfar Engineering and Contracting", "جلفار للهندسة والمقاولات", "galfar.com"),
    ("Mohsin Haider Darwish", "محسن حيدر درويش", "mhdoman.com"),
    ("Saud Bahwan Group", "مجموعة سعود بهوان", "saudbahwangroup.com"),
    ("Khimji Ramdas", "كيمجي رامداس", "khimji.com"),
    ("Al Zubair Corporation", "مؤسسة الزبير", "zubaircorp.com"),
    ("Muscat Pharmacy", "صيدلية مسقط", "muscatpharmacy.net"),
    ("Sohar Steel", "صحار للحديد", "soharsteel.om"),
    ("Nizwa Hospital", "مستشفى نزوى", "nizwahospital.om"),
    ("Dhofar Insurance", "ظفار للتأمين", "dhofarinsurance.com"),
    ("Al Jazeera Steel", "الجزيرة للحديد", "jazeerasteel.com"),
    ("Al Nahda Hospital", "مستشفى النهضة", "alnahda.om"),
    ("Al Harub Contracting", "الحروب للمقاولات", "alharub.om"),
    ("Al Bahja Group", "مجموعة البهجة", "albahja.com"),
    ("Al Taher Enterprises", "مشاريع الطاهر", "altaher.om"),
    ("Al Ansari Trading", "الأنصاري للتجارة", "alansari.om"),
    ("Majan Electricity", "مجان للكهرباء", "majan.om"),
    ("Renna Mobile", "رنة موبايل", "renna.om"),
    ("Raysut Cement", "ريسوت للأسمنت", "raysutcement.com"),
    ("Al Anwar Holdings", "الأنوار القابضة", "alanwar.om"),
    ("Al Madina Insurance", "المدينة للتأمين", "almadina.om"),
    ("Al Batinah Power", "الباطنة للطاقة", "batinahpower.om"),
    ("Sharqiyah Desert Tours", "ديزرت الشرقية للسياحة", "sharqiyahdesert.om"),
    ("Al Safwa Poultry", "الصفوة للدواجن", "alsafwa.om"),
    ("Mazoon Dairy", "مزون للألبان", "mazoon.om"),
    ("Al Rawabi Farms", "مزارع الروابي", "alrawabi.om"),
    ("Al Fajr Electronics", "الفجر للإلكترونيات", "alfajr.om"),
    ("Al Hassan Engineering", "الحسن للهندسة", "alhassan.com"),
    ("Towell Transport", "تاول للنقل", "towell.om"),
    ("Al Habib Medical", "الحبيب الطبية", "alhabib.om"),
    ("Badr Al Samaa Hospital", "مستشفى بدر السماء", "badralsamaa.om"),
    ("Al Meera Markets", "أسواق الميرة", "almeera.om"),
    ("Al Jadeeda Stores", "متاجر الجديدة", "aljadeeda.om"),
    ("Mwasalat Transport", "مواصلات للنقل", "mwasalat.om"),
    ("Asyad Logistics", "أسياد للوجستيات", "asyad.om"),
    ("Nama Water Services", "نماء لخدمات المياه", "nama.om"),
    ("Takaful Insurance", "تكافل للتأمين", "takaful.om"),
    ("Al Omaniya Financial Services", "العمانية للخدمات المالية", "aofs.om"),
    ("Barakat Foods", "بركات للأغذية", "barakat.om"),
    ("Al Kamil Power", "الكامل للطاقة", "alkamil.om"),
    ("Al Suwadi Power", "السوادي للطاقة", "suwadipower.om"),
    ("Al Maktab Consulting", "المكتب للاستشارات", "almaktab.om"),
    ("Rimal Construction", "رمال للإنشاءات", "rimal.om"),
    ("Haffa Hotel", "فندق حافة", "haffa.om"),
    ("Al Falaj Hotel", "فندق الفلج", "alfalaj.om"),
    ("Al Wadi Water", "الوادي للمياه", "alwadi.om"),
    ("Jabal Akhdar Tours", "الجبل الأخضر للسياحة", "jabalakhdar.om"),
    ("Shumookh Investment", "شموخ للاستثمار", "shumookh.om"),
    ("Marsa Marine Services", "مرسى للخدمات البحرية", "marsa.om"),
    ("Al Tasnim Enterprises", "مشاريع التسنيم", "altasnim.om"),
    ("Sarooj Construction", "صاروج للإنشاءات", "sarooj.om"),
    ("Strabag Oman", "ستراباغ عمان", "strabag.om"),
    ("Al Turki Enterprises", "مشاريع التركي", "alturki.om"),
    ("Qurum Clinic", "عيادة القرم", "qurumclinic.om"),
    ("Al Amerat School", "مدرسة العامرات", "amerat.om"),
    ("Bidiyah Carpets", "بدية للسجاد", "bidiyah.om"),
    ("Amouage Perfumes", "أمواج للعطور", "amouage.om"),
    ("Al Dhahirah Gold", "الظاهرة للذهب", "dhahirahgold.om"),
    ("Zakher Furniture", "زاخر للأثاث", "zakher.om"),
    ("Al Rustaq Bakery", "مخبز الرستاق", "rustaqbakery.om"),
    ("Shanfari Motors", "الشنفري للسيارات", "shanfari.om"),
    ("Al Balushi Carpentry", "البلوشي للنجارة", "albalushi.om"),
    ("Suhail Bahwan Automobiles", "سهيل بهوان للسيارات", "suhailbahwan.om"),
    ("Ibrahim Al Harthy Trading", "إبراهيم الحارثي للتجارة", "alharthy.om"),
    ("Hamed Al Rashdi Contracting", "حمد الراشدي للمقاولات", "rashdi.om"),
    ("Khalid Al Busaidi Engineering", "خالد البوسعيدي للهندسة", "busaidi.om"),
]  # fmt: skip
# What people write for the same organisation without any rule: other spellings, other words, joined and cut.
ALIKE = [
    ("Mohammed Al Barwani", "Muhammad Al-Barwani"), ("Mohamed Al Barwani Holding", "محمد البرواني القابضة"),
    ("Abdullah Al Hinai Trading", "Abdulla Al-Hinai Trading"), ("Yusuf bin Ahmed Stores", "Youssef Ahmed Stores"),
    ("Al Noor Electronics", "Al Nour Electronics"), ("Alnoor Electronics", "Al Noor Electronics"),
    ("Saleem Trading", "Salim Trading"), ("Al Waha Foods", "Al Wahah Foods"),
    ("Othman Contracting", "Uthman Contracting"), ("Tech Mart", "Techmart"),
    ("A.B.C. Contracting", "ABC Contracting LLC"), ("O Q Trading", "OQ Trading"),
    ("Muscat Steel", "Muscat Steel Trading"), ("Al Raha", "Al Raha Trading and Services"),
    ("Zahra Group", "Al Zahra"), ("Smith & Sons Trading", "Smith Trading"),
    ("Bahwan Engineering Group", "Bahwan Engineering"), ("Intl Gas Services", "International Gas Services"),
    ("Oman Eng. Consultants", "Oman Engineering Consultancy"),
    ("Gulf Transport Est.", "Gulf Transport Establishment"), ("Al Yamama Bros", "Al Yamama Brothers"),
    ("Hussain Jewellery", "Hussein Jewellers"), ("Faisal Motors", "Faysal Motors"),
    ("Qaboos Stores", "Qabus Stores"), ("Taqa Energy", "Taqah Energy"), ("Shaikh Textiles", "Sheikh Textiles"),
    ("Jameel Furniture", "Jamil Furniture"), ("Said Al Rawahi Stores", "Saeed Al Rawahi Stores"),
    ("Sulaiman Printing Press", "Suleiman Printing Press"), ("Zayed Poultry", "Zaid Poultry"),
    ("Fatima Clinic", "Fatma Clinic"), ("Al Khaleej Paints", "Al Khalij Paints"),
    ("الشركة العمانية للغاز", "شركة عمان للغاز"), ("مؤسسة أحمد للتجارة", "احمد للتجارة"),
    ("فاطمة للأزياء", "فاطمه للازياء"), ("مطاحن صلالة", "مطاحن صلاله ش.م.ع.ع"),
    ("شركة النور والشركاء", "النور وشركاه"), ("سُعود للتجارة", "سعود للتجاره"),
    ("Al Sa'ada Markets", "Al Saada Markets"), ("Café Bateel", "Cafe Bateel"),
    ("Al-Futtaim Motors", "Al Futtaim Motors"), ("Ad-Dakhiliyah Water", "Al Dakhiliyah Water"),
    ("Ash Sharqiyah Cement", "Al Sharqiya Cement"), ("Musandam Fisheries", "مسندم للأسماك"),
    ("Renaissance Services", "رينيسانس للخدمات"), ("Omantel", "عمانتل"), ("Ooredoo", "أوريدو"),
    ("Vale Oman", "فالي عمان"), ("Lulu Hypermarket", "لولو هايبرماركت"), ("Nawras", "النورس"),
    ("Carrefour", "كارفور"), ("Siemens Oman", "سيمنس عمان"), ("Areej Oils", "أريج للزيوت"),
    ("Salam Air", "طيران السلام"), ("Jotun Paints", "جوتن للدهانات"), ("Kuwait Carpets Trading", "الكويت للسجاد"),
    ("Shell Oman", "شل عمان"), ("Petroleum Development Oman", "PDO"), ("Oman Flour Mills", "OFM"),
    ("The Wave Muscat", "Al Mouj Muscat"), ("Ahli Bank", "البنك الأهلي"),
    ("National Bank of Oman", "البنك الوطني العماني"), ("Oman Air", "الطيران العماني"),
]  # fmt: skip
# What is not the same, however near it looks.
DIFFERENT = [
    ("Al Maha Trading", "Al Maha Contracting"), ("Al Noor Trading", "Al Nawras Trading"),
    ("Muscat Steel", "Sohar Steel"), ("Bank Muscat", "Muscat Insurance"), ("Oman Cement", "Oman Cables"),
    ("Oman Flour Mills", "Oman Cement"), ("Gulf Steel", "Gulf Glass"), ("Suhail Bahwan Group", "Saud Bahwan Group"),
    ("Sahar Trading", "Samar Trading"), ("Sohar Trading", "Sahara Trading"),
    ("Al Bahja Trading", "Al Bahar Trading"), ("Salim Al Harthy", "Salim Al Hinai"),
    ("Ahmed Al Balushi Trading", "Ahmed Al Busaidi Trading"), ("Area 51", "Area 52"),
    ("Plant 2 Muscat", "Plant 3 Muscat"), ("Dhofar Insurance", "Dhofar Cattle Feed"),
    ("Salalah Port", "Salalah Mills"), ("Sohar Refinery", "Sohar Aluminium"), ("Muscat Bakery", "Muscat Dairy"),
    ("Al Hassan Engineering", "Al Hussain Engineering"), ("Al Amal Clinic", "Al Amana Clinic"),
    ("Majan Electricity", "Mazoon Electricity"), ("Majan College", "Mazoon College"), ("Oman Gas", "Oman Oil"),
    ("Al Fajr Foods", "Al Fahad Foods"), ("Al Reef Markets", "Al Raf Markets"),
    ("Zahra Perfumes", "Zahir Perfumes"), ("Rahma Hospital", "Raha Hospital"),
    ("Al Saad Motors", "Al Saeed Motors"), ("Nama Water", "Nabaa Water"), ("Al Jabal Tours", "Al Jamal Tours"),
    ("Gulf Engineering Consultants", "Gulf Contracting"), ("Tawoos Group", "Tawasul Group"),
    ("Al Turki Enterprises", "Al Tahir Enterprises"), ("Hamad Motors", "Hamdan Motors"),
    ("Al Safa Foods", "Al Safwa Foods"), ("Al Karam Hotel", "Al Karama Hotel"),
    ("Al Rawdah School", "Al Rawabi School"), ("Qurum Clinic", "Quriyat Clinic"),
    ("Al Wafa Trading", "Al Wafi Contracting"), ("Sur Hospital", "Suwaiq Hospital"),
    ("Ibra Hospital", "Ibri Hospital"), ("Al Badr Jewellers", "Al Badi Jewellers"),
    ("Trading Company", "Trading and Contracting Company"), ("National Services", "United Services"),
    ("Modern Oman Trading", "Oman Investment"), ("IBM", "HSBC"), ("BP", "BPO"), ("KPMG Oman", "PwC Oman"),
    ("Shell Oman", "Total Oman"), ("Al Maha", "Al Mahara"), ("Al Madina", "Al Medan"),
    ("Bahwan Cybertek", "Bahwan Travel"), ("Towell Engineering", "Towell Auto Centre"),
    ("Al Anwar Ceramics", "Al Anwar Investments"), ("المها للتجارة", "المهند للتجارة"),
    ("النور للمقاولات", "النورس للمقاولات"), ("بنك مسقط", "بنك صحار"), ("مسقط للتأمين", "ظفار للتأمين"),
    ("أسمنت عمان", "كابلات عمان"), ("سالم الحارثي", "سالم الهنائي"), ("مستشفى نزوى", "مستشفى صحار"),
    ("الصفا للأغذية", "الصفوة للأغذية"), ("مدرسة الأمل", "مدرسة الأمانة"), ("Al Noor Trading", "الناصر للتجارة"),
    ("Bank Sohar", "بنك ظفار"), ("Al Harub Contracting", "الحرمين للمقاولات"), ("Oman Cement", "عمان للكابلات"),
    ("Salim Al Harthy", "سليمان الحارثي"), ("Al Bahja", "البركة"), ("Nama", "النعيم"), ("Sahar", "صحار"),
    ("Al Maha Trading", "المدينة للتجارة"), ("Badr Clinic", "عيادة البدور"), ("Qurum Clinic", "عيادة القمر"),
    ("Al Fajr", "الفرج"), ("Majan Electricity", "مسقط للكهرباء"), ("Al Habib Medical", "الحبوب الطبية"),
    ("Ahmed Salim Trading", "Salim Ahmed Trading"), ("Green Valley", "Green Village"),
    ("Blue Sea Shipping", "Blue Sky Shipping"), ("Star Tech Systems", "Star Trek Systems"),
    ("First Choice", "First Class"), ("Delta Systems", "Data Systems"), ("Apex Gulf", "Apollo Gulf"),
    ("Falcon Logistics", "Falcon Insurance"), ("Pearl Hotel", "Pearl Furniture"),
]  # fmt: skip
FORMS = (
    ("{} LLC", "{} Co. L.L.C."),
    ("{} SAOG", "{}"),
    ("{} Company", "{} & Co."),
    ("{} L.L.C", "{} SPC"),
    ("The {}", "{} SAOC"),
)
ARABIC_FORMS = ("شركة {}", "{} ش.م.م", "{} ش.م.ع.ع", "شركة {} ش.م.ع.م", "{}")


def slipped(name: str, n: int) -> str:
    """A name with one slip of the pen in its longest word: letters swapped, one left out, one twice."""
    words = name.split()
    longest = max(range(len(words)), key=lambda i: len(words[i]))
    word, at = words[longest], len(words[longest]) // 2
    words[longest] = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] if n % 3 == 0 and at + 1 < len(word)
        else word[:at] + word[at + 1 :] if n % 3 == 1 else word[:at] + word[at] + word[at:]
    )  # fmt: skip
    return " ".join(words)


def other_order(name: str) -> str:
    """The last word before all others, as Arabic has it."""
    *first, last = name.split()
    return " ".join([last, *first])


def same() -> Iterator[Pair]:
    """Pairs of one organisation."""
    for n, (name, arabic, domain) in enumerate(ORGANISATIONS):
        one, other = FORMS[n % len(FORMS)]
        yield Pair(True, "legal form", Side(one.format(name)), Side(other.format(name)))
        yield Pair(
            True, "two scripts", Side(one.format(name)), Side(ARABIC_FORMS[n % len(ARABIC_FORMS)].format(arabic))
        )
        yield Pair(True, "slip", Side(name), Side(slipped(name, n)))
        if n % 2:
            yield Pair(True, "order", Side(name), Side(other_order(one.format(name))))
            yield Pair(True, "domain", Side(name, domain), Side(f"Branch {n}", f"https://www.{domain}/about"))
        else:
            yield Pair(True, "registration", Side(name, "", f"CR {1000377 + n}"), Side(arabic, "", f"0{1000377 + n}"))
            yield Pair(True, "mailbox", Side(name, f"sales@{domain}"), Side(arabic, f"mail.{domain}"))
    for one, other in ALIKE:
        yield Pair(True, "spelling", Side(one), Side(other))


def different() -> Iterator[Pair]:
    """Pairs of two organisations."""
    for one, other in DIFFERENT:
        yield Pair(False, "near", Side(one), Side(other))
    names = [name for name, _, _ in ORGANISATIONS]
    for n, (name, arabic, domain) in enumerate(ORGANISATIONS):
        others = [other for other in names if other != name]
        nearest = max(others, key=lambda other: SequenceMatcher(None, name, other).ratio())
        there = ORGANISATIONS[names.index(nearest)]
        yield Pair(False, "nearest", Side(name), Side(nearest))
        yield Pair(False, "nearest in two scripts", Side(nearest), Side(arabic))
        if n % 2:
            yield Pair(False, "public mail", Side(name, "info@gmail.com"), Side(nearest, "sales@gmail.com"))
        else:
            label = domain.partition(".")[0]
            yield Pair(False, "domain of another country", Side(name, f"{label}.om"), Side(there[0], f"{label}.com.om"))


def pairs() -> list[Pair]:
    """All of them, each once."""
    return list(dict.fromkeys([*same(), *different()]))


def read() -> list[Pair]:
    """The pairs as the file has them."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [Pair(row[0] == "same", row[1], Side(*row[2:5]), Side(*row[5:8])) for row in rows]


def write() -> None:
    """Write the file."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["label", "kind", "name", "domain", "registration", "name_2", "domain_2", "registration_2"])
        for pair in pairs():
            lines.writerow(["same" if pair.same else "different", pair.kind, *pair.a, *pair.b])


if __name__ == "__main__":
    write()
