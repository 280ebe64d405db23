"""Chinese surnames, for recognising a name before a title or after a cue word (the usual 百家姓, common additions)."""

_DOUBLE = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空"
    "闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘"
)
DOUBLE = [_DOUBLE[i : i + 2] for i in range(0, len(_DOUBLE), 2)]

COMMON_DOUBLE = ("欧阳", "上官", "司马", "诸葛", "慕容", "皇甫")  # the others also begin names of places

# Without 和 从 时 都 公 家 师 经 …: as words of daily use they stand before a name far more often than in one.
SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒"
    "屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪干解应宗丁宣贲邓郁单杭洪包"
    "诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉"
    "戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿"
    "边扈燕冀郏浦尚温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾暨衡耿满弘匡文寇禄阙东殴殳沃利蔚越夔隆巩厍聂晁勾敖融冷"
    "訾辛阚简饶空曾毋沙乜养鞠须丰巢关蒯相查荆红游竺权逯盖益桓岳佟肖闫付覃代岂楚粟苑迟兰柏战邸鹿苟晋阳郄撒海卿展皇麦"
)

# Before a title that is also a word of offices (主任, 老师): only surnames that hardly begin an ordinary word.
ROLE = (
    "王李张刘陈杨赵黄吴徐孙朱胡郭何罗郑梁谢宋唐韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶苏魏吕丁沈姚卢姜崔谭陆汪范廖贾韦夏付邹熊孟秦邱侯尹薛"
    "闫段雷史陶贺顾毛郝龚邵钱覃戴莫孔汤"
)

# After a word for a person (业主, 老板): without 曾 (业主曾投诉), 高 (收费高达), 任 (老师任教), 方 (业主方) and the like.
AFTER_WORD = ROLE.replace("曾", "") + "周林马程江许萧石俞倪冉邢邬阮佟岳柯耿聂庞骆葛翟裴詹樊"

# Before two characters of `GIVEN`: all but those that begin words of every day.
_WORDS = (
    "安平康和成温万全益利左能农广向容易步充相通应明时须查支单解计双巧权古水池党印白国常养游展干伏后元黄金花华文武景苑"
)
STRONG = "".join(surname for surname in SINGLE if surname not in _WORDS or surname in "黄温")

# Characters that given names are made of; two of them behind a surname are believed without a word behind the name.
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文玉兰红梅春金建国志永福海龙凤云飞鹏辉斌波宇浩然博俊峰林森鑫晓晨阳雪莹颖琳琪瑶瑞祥祖德仁义礼智信忠孝廉贤良才富贵荣昌盛宏宽广亮光耀辰星月婷婉玲珍珠珊瑜瑾"
    "璐璇琼瑛莉莲蓉菊萍茜蕾薇蓝菲芬芝芸苗苹茂荷淑慧惠美媛娥婧婵嫣妍妮姗倩佳佩俐保健伦伯佑佐侠俪元先克兆农冬冰凯利剑力功勤卫厚友双发召叶吉启周和咏哲唐喜嘉坤坚培基堂士壮夏天奇奎如妙子学宁守安宗宝定宜家宣小少"
    "尚山岗岚岩川州巧巍帅帆希帮庆庭康弘弟彦彩彬影征忆怀思怡恒恩悦情愉成扬承抒振捷政敬斯新方旭旺昊昕昭显晋晖晗普景曼望朋朝权松柏柱柳根桃桐梓栋楠楚欢欣歆正武毅民江汉汝沁治泉泓法泽洁津洪济涵润淳清渊湘源滨"
    "满漫潇澄灵灿炎炜炳焕照熙燕爱牧献玥玮珂理生申田白皓益盈真祝禄科秋章竹笑素纯纪绍继维绪罗群翔翠亲胜舒舟艺花若茵莎菁萌蓓虎虹蝶裕西训诗诚谊谦贝贞跃轩辛达远邦郁醒钊钢钧铁铭锋锐锦逸青闯阔陆隆雁雄雅雨雯霖霏"
    "霜靖韬韵顺颂飘馨骏高鸣鸿麒麟默琴淼翰乃雷一团步革"
)
