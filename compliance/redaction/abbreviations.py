"""Abbreviations of the trades that are said letter by letter, so that their letters are nobody's name: "she's on c r r t"."""

from __future__ import annotations

from functools import cache

from compliance.redaction.lexicon import lexicon

# Each as it is written.
_MEDICINE = """
    aaa abg abi abpm abvd ace aci acio acls acs acth adhd adhf adl adls adp afb afp aicd aids aki alp als ama anc ana anca aom apc apgar apd aptt arb
    ard ards arni asa asd ast atn atls avm avnrt avr aua aub bcg bipap bkp bls bmp bmt bnp bpd bpm bph bpp brca bsa btk bvm cabg cad cam capd car cbc cbd cbt ccb
    ccu cdiff cea cfs cgm cha chf chads cin ckd cll cmo cml cmp cms cmv cna cns copd cpap cpk cpp cprs cpt crf cri crna crp crrt crt crtd csf cst cta ctpa cts cva cvc cvicu
    cvp cvs cxr dbp dbt ddd dexa dic dip dka dlco dme dmard dnr dni dnp dpt dre dsa dtap dtr dvt dxa ebl ebv ecf ecmo ect eeg ef egd egfr ekg emb emg emr ems ent
    epo eps ercp esbl esi esr esrd ess ettd etco etoh evar evd eus fap fast fbs feno fev ffp fhr fhx fio fit fmla fna fsh ftt fvc gad gbm gbs gcs gcsf gdm
    ggt gfr gib gist glp gtt gyn hbig hbv hcg hct hctz hcv hdl hellp hfpef hfref hib hiit hipec hit hiv hla hmo hnp hpa hpi hpv hrt hrv hsa hsv htn hus iabp iadl ibd
    ibs icd icp icu icds idc ifa ifg igg ige igm iga ich ild imrt inr ipf ipv isi iss itp iud iui ivc ivf ivig ivp jia jvd jvp kub lac lad lama lams laba lap
    lbbb lbp lcx ldh ldl leep lft lfts lgi lle llq lma lmp lmwh los lpn lsil ltach ltm luq lvad lvef lvh lvot lvn macra mac maob mca mch mcs mct mcv mdd mdi mdr mds mdma mdro meds melas
    mfm mgus mic mis mmr mmse moca mpa mpv mra mrcp mri mrn mrsa mssa mtp mtx mva mvr nac nafld nash ncs ncv ndc nec nash ngt nhl nicu nihss nippv niv nms nos npi npo npwt
    nqt nsaid nsaids nsclc nst nstemi nsvt ocd ogtt oif omt oor orif ort osa otc ovf pac pacu pad paf papr pap pca pcc pci pcos pcp pcr pcsk pcv pda pdr pe peg peep pej pet
    pft pfts phq pic picc picu pid pip piv pkd pmh pmr pmrt pms pnd poc polst pom ppd ppi ppm ppn ppv pra prbc prbcs prl prn prp psa psg psh pss psv psvt pta ptca ptc pth
    pts ptsd ptt ptu pud puva pvc pvcs pvd pvr pvs qtc qol rai raas rbbb rbc rca rdw red rebt rfa rhc rlq rls rll rnd rom rop ros rosc rotem rpr rrt rsbi rsd rsi rsv rtpa rtk ruq rvu rvot
    rvsp rvr sab sad sah saln sbar sbo sbp sbrt sbt scc scd scds scid sclc sdh sgot sgpt siadh sids sirs sle slp slr slnb snf snri sofa sop spect spf sro ssi ssri sss
    stat std stemi sti stis svc svr svt tah taa taap tavi tavr tbi tbsa tbw tca tcd tdap tee teg tegs tems tfcc tfts tga tha thr tia tibc tips tka tkr tlc tlif tls tmj tnf tnm tof
    tolac tpa tpn tpo trali trt tsh tte ttg ttp turbt turp txa uacr uds ugi ulnar umn uop uri usg uti uvj vac vap vaers vas vats vbac vbg vcf vcug vdrl vff vma vns vre vsd vte
    vvi vwf wbc wbcs wnl wpw xrt zpp
"""
_LAW = """
    aao abs ada adea adr aia alj aml aol apa apr arda asfa atra bapcpa bfoq bia bop brb cafa cali cali can ccp cda cecl cfaa cfr cgl chips cips clia
    cobra cod coi coo cpc cpl cplr cps crpc csli ctip cvra daca dba dhs dod dohsa dol dpa dppa dre dtsa dui duii dwi ead eaja ecf edca edd eeoc eir eis epa
    epl epli erisa esa esi faa far farc fcc fcpa fcra fdic fdcpa fdca ferc ferpa fha fhwa fifra fincen finra fisa flsa flra fmcsa fmla foia fra frand frcp frcrp fre frap fsia ftc ftca fto
    gaap gagas gal gao gatt geico gpl hb hhs hipaa hoa hud hvcc icc ice icwa idea iep iepa ifp iip ims ina ioc iolta ipr irc irs itar itc iuu jag jmol jnov jpml
    jsa lhwca liheap lis llc llp lpr mba mcca mda mdl mil mou mpc mpep mshs msha msj mspb mta mtca nafta naics nasd ndaa nda nepa nhtsa nlra nlrb noa noaa nod nos npdes npr nra
    nsa nta ntsb nys ocahl ocga ofac ofccp omb opm osc osha otsc pcaob pcl pcra pdmp phv plra poa pra prs psi psr ptab ptsd pto pud qdro qtip rcra rcw reit reo
    rfp rico rlra rluipa rmbs roa roi rpo rpr rtp sca scotus scra sdny ednv seca sec sla slapp snap soc sop sora soro sorna sox ssa ssdi ssi ssr stb swppp tanf tcpa tila tpr
    tps tro tsca ttab ttb ucc uccjea uccje uccja ucr udrp uifsa uim umifa una upa upc usaa usc uscis usdc uscg usda usao usps uspto ussg ustr usv utsa
    vawa vfw vra vwpa warn wca wcab wcj wipo wto
"""
_EVERYDAY = """
    abc acura aaa aarp abt adt afl aka amc apr arv asap ata atf atm atv aws bbb bbc bbq bmw bmx bnsf brt bsa btu byob cbs cdc cdr cdt cdl cfm cgi cia cnn cnc cod cpi cpu crm crt csx ctv cvs dhl dj dod
    dot dmv dna dpi dps dui dvd dvr dvm eft ein epa esl esp esq est etf eta etd faq faa fbi fcc fdic fedex fema fha fica fob fsa fyi gdp ged gmc gpa gps gsa gst hbo hdmi hgv hov hp hplc
    hq hr hud hvac hvs ibm ied imo ios ip ira iso isbn isp jpeg jpg kfc kgb kph kwh lan lcd led lpg lng lvl lvt mba mdf mgm mhz mls mlb mlm mph mpg mpv msds msg msn msrp mta mvp naacp
    nasa nba nbc nda nfc nfl nfpa ngo nhl nhs nic nike nmls npr nra nsf nyc nypd lapd ocr oem ost otc pbs pc pdf pga phd pmi pms pov psa psi pta ptl ptt pto pvc pvr qa qr rfid rfp roi rotc rpm rsvp rtf rv
    sae sat sba sbc sbi sds seo sfo sku skus sms sop sos spca spf sql ssd ssl std suv swat tba tbd tiff tlc tnt toc tsa ttl tty tva ucla uhf ufo ulsd unc unicef upc upi ups url usa usb usbc usmc usn usps
    vat vcr vhf vin vip voip vpn wd wma wmd ymca ywca zip
"""
# What also stands in lists of names though hardly anybody is called so, and nobody who is would be thought of first.
NAMES_TOO = frozenset("ards arb ard asa ast dui dwi edd esa esi fema gao hoa hus kub lad laba lama nicu nys osha rom rop sae sat sos osa lan".split())


@cache
def abbreviations() -> frozenset[str]:
    """All of three letters and more that are nobody's name."""
    names = lexicon()
    listed = frozenset((_MEDICINE + _LAW + _EVERYDAY).split())
    return frozenset(a for a in listed if len(a) >= 3 and (a in NAMES_TOO or not (a in names.first_names or a in names.last_names)))
