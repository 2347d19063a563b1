"""Addresses made from the patterns that registers really use, with the county that each states.

Streets are named after other places on purpose: 天津道, 朝阳北大街, 河北路, 长安街 exist all over.
"""

import random

from geo.tables.gazetteer import gazetteer, stem, units

STREETS = (
    "中山路1号", "朝阳北大街88号", "天津道12号", "河北路5号", "长安街甲3号", "和平东路183号", "北京路1号",
    "开发区南路9号", "建设北大街2号院3号楼", "学院路7号A座1203室", "新华西道15号", "保定街6号", "工业园区纬三路",
    "城关镇东关村", "通州大街1号", "桥西街4号", "雄州路20号", "迎宾路科技园B座",
)  # fmt: skip
_CITY = {code: name for name, code in gazetteer().cities.items() if name.endswith("市")}


def made(seed=7):
    """Return pairs of address and county code; None where the address must be refused."""
    rng = random.Random(seed)
    pairs = []
    for unit in units().values():
        street = rng.choice(STREETS)
        municipal = unit.city_adcode in ("110000", "120000")
        city = _CITY[unit.city_adcode]
        name = unit.name
        if municipal:
            pairs += [
                (f"{city}{name}{street}", unit.adcode),
                (f"{stem(city)}{name}{street}", unit.adcode),
                (f"{city}{city}{name}{street}", unit.adcode),
                (f"中国{city}市辖区{name}{street}", unit.adcode),
            ]
        else:
            pairs += [
                (f"河北省{city}{name}{street}", unit.adcode),
                (f"河北{stem(city)}{name}{street}", unit.adcode),
                (f"{city}{name}{street}", unit.adcode),
                (f"河北省 {city} {name} {street}", unit.adcode),
                (f"河北省{name}{street}", _alone(name, "13")),
            ]
            if len(stem(name)) >= 2 and name.endswith(("县", "市")):
                pairs.append((f"河北{stem(city)}{stem(name)}{street}", unit.adcode))
        pairs.append((f"{name}{street}", _alone(name, "")))
    return list(dict.fromkeys(pairs)) + FIXED


def _alone(name, province):
    """Return the county of a name without its city, or None when several have it."""
    codes = {
        code for _, code in gazetteer().counties[name] if code is None or code.startswith(province)
    }
    if len(codes) > 1 or (not province and name in gazetteer().not_alone):
        return None
    return next(iter(codes))


FIXED = [
    ("河北雄安新区容城县奥威路", "130629"), ("河北雄安新区雄县雄州镇", "130638"),
    ("河北雄安新区安新县建设大街", "130632"), ("雄安新区容东片区", "130629"),
    ("河北雄安新区启动区企业总部", None), ("中国（河北）自由贸易试验区雄安片区容城县", "130629"),
    ("北京市北京经济技术开发区荣华中路", "110115"), ("北京经济技术开发区科创十四街", "110115"),
    ("天津经济技术开发区第三大街", "120116"), ("天津自贸试验区（空港经济区）西三道", "120110"),
    ("天津市滨海高新区华苑产业区", None), ("河北省廊坊市三河市燕郊高新区", "131082"),
    ("三河市燕郊开发区", "131082"), ("河北省廊坊经济技术开发区", "131003"),
    ("河北省石家庄高新技术产业开发区", "130108"), ("唐山市曹妃甸工业区", "130209"),
    ("河北省沧州市渤海新区", "130983"), ("北京市崇文区广渠门", "110101"),
    ("天津市塘沽区洋货市场", "120116"), ("北京市密云县鼓楼", "110118"),
    ("河北省石家庄市桥东区平安大街", None), ("河北省邢台市桥东区开元路", "130502"),
    ("河北省张家口市桥东区胜利路", "130702"), ("河北省唐山市滦县", "130284"),
    ("河北省保定市北市区七一路", "130606"), ("河北省邢台县龙冈大街", None),
    ("上海市浦东新区世纪大道1号", None), ("吉林省长春市朝阳区红旗街", None),
    ("江苏省南通市通州区", None), ("广东省深圳市南山区", None), ("西安市长安区韦曲", None),
    ("河北省石家庄市体育南大街385号", None), ("北京市", None), ("天津", None), ("河北省", None),
    ("无", None), ("1号楼", None), ("朝阳北大街88号", None), ("北京路5号", None), ("河北区", "120105"),
    ("天津市河北区中山路", "120105"), ("河北省承德市承德县下板城镇", "130821"),
    ("河北省承德县下板城镇", "130821"), ("河北省沧县旧州镇", "130921"),
    ("河北省定州市兴定路", "130682"), ("河北省辛集市市府大街", "130181"),
]  # fmt: skip
