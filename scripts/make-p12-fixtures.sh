#!/usr/bin/env bash
# Makes PKCS#12 files as the software in the field writes them, for the
# conformance test of crates/pkcs12.
#
#   scripts/make-p12-fixtures.sh OUTDIR
#
# Needs openssl (3.x with its legacy provider) and python3. keytool and the NSS
# tools (certutil, pk12util) are optional: their files are left out without them.
#
# OUTDIR/index.tsv lists: file, password, expectation. An expectation is either
# an error code of `open`, or words of the form key=value:
#   keys, certs   how many the file holds
#   mac           algorithm of the MAC, with - for blanks, or "absent"
#   choose        friendly text in the subject of the chosen certificate, or an
#                 error code of `choose`
#   warn          code of the first warning of `choose`
# Dates are fixed: certificates are meant to be judged on 2026-11-20 for the RUC
# 1790012345001. A second run does nothing unless the script or the tools changed.
# OUTDIR must be new, empty or from an earlier run.
set -euo pipefail

out=${1:?usage: make-p12-fixtures.sh OUTDIR}
tool="$(cd "$(dirname "$0")/.." && pwd)/crates/pkcs12/tests/tools/p12.py"
stamp=$( (cat "$0" "$tool"; command -v keytool certutil pk12util || true) | sha256sum)
mkdir -p "$out"
cd "$out"
[ "$(cat stamp 2> /dev/null)" = "$stamp" ] && exit 0
# Only a directory of its own is swept.
[ -e made-by-script ] || [ -z "$(ls -A)" ] || { echo "$out holds other files" >&2; exit 1; }
touch made-by-script
rm -rf -- *.p12 index.tsv stamp work
mkdir work

row() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >> work/index.tsv; }

# --- certificates -----------------------------------------------------------

touch work/database.txt
cat > work/ca.cnf <<'CNF'
[ca]
default_ca = authority
[authority]
database = work/database.txt
new_certs_dir = work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = anything
[anything]
countryName = optional
organizationName = optional
commonName = supplied
serialNumber = optional
[root]
basicConstraints = critical, CA:TRUE
keyUsage = keyCertSign, cRLSign
[sign]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
1.3.6.1.4.1.37746.3.11 = ASN1:UTF8String:1790012345001
[encrypt]
basicConstraints = CA:FALSE
keyUsage = critical, keyEncipherment
1.3.6.1.4.1.37746.3.11 = ASN1:UTF8String:1790012345001
[other]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
1.3.6.1.4.1.37746.3.11 = ASN1:UTF8String:0992345678001
CNF

make_key() { openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "work/$1.key"; }

# certify NAME KEY SECTION COMMON-NAME START END
certify() {
    openssl req -new -key "work/$2.key" -subj "/C=EC/O=Pruebas S.A./CN=$4" -out work/request.pem
    local signer=(-cert work/intermediate.pem -keyfile work/intermediate.key)
    [ "$1" = intermediate ] && signer=(-cert work/root.pem -keyfile work/root.key)
    [ "$1" = root ] && signer=(-selfsign -keyfile work/root.key)
    openssl ca -batch -notext -config work/ca.cnf "${signer[@]}" -extensions "$3" \
        -startdate "$5" -enddate "$6" -in work/request.pem -out "work/$1.pem" 2> work/ca.log
}

for name in root intermediate sign encrypt; do make_key "$name"; done
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out work/ec.key
certify root root root "Raiz de pruebas" 20200101000000Z 20400101000000Z
certify intermediate intermediate root "Subordinada de pruebas" 20200101000000Z 20390101000000Z
certify sign sign sign "Firma vigente" 20250101000000Z 20300101000000Z
certify renewed sign sign "Firma renovada" 20260101000000Z 20310101000000Z
certify expired sign sign "Firma vencida" 20200101000000Z 20220101000000Z
certify other sign other "Firma de otro" 20250101000000Z 20300101000000Z
certify encrypt encrypt encrypt "Cifrado vigente" 20250101000000Z 20300101000000Z
certify ec ec sign "Firma eliptica" 20250101000000Z 20300101000000Z
cat work/intermediate.pem work/root.pem > work/chain.pem
for name in sign encrypt root; do openssl x509 -in "work/$name.pem" -outform DER -out "work/$name.cer"; done
openssl pkcs8 -topk8 -nocrypt -in work/sign.key -outform DER -out work/sign.pk8

# --- openssl ----------------------------------------------------------------

# export FILE PASSWORD EXPECTATION OPTIONS…
export_p12() {
    local file=$1 password=$2 expectation=$3
    shift 3
    openssl pkcs12 -export -out "$file" -passout "pass:$password" "$@"
    row "$file" "$password" "$expectation"
}
sign=(-inkey work/sign.key -in work/sign.pem -name Firma)
one="keys=1 certs=1 choose=vigente"
legacy=(-provider legacy -provider default -macalg sha1)

export_p12 rc2-40-3des.p12 Clave123 "$one mac=HMAC-SHA-1" "${sign[@]}" -legacy -iter 2048
export_p12 rc2-128.p12 Clave123 "$one mac=HMAC-SHA-1" "${sign[@]}" "${legacy[@]}" -certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-RC2-128
export_p12 rc4-128.p12 Clave123 "$one mac=HMAC-SHA-1" "${sign[@]}" "${legacy[@]}" -certpbe PBE-SHA1-RC4-128 -keypbe PBE-SHA1-RC4-128
export_p12 rc4-40.p12 Clave123 "$one mac=HMAC-SHA-1" "${sign[@]}" "${legacy[@]}" -certpbe PBE-SHA1-RC4-40 -keypbe PBE-SHA1-RC4-40
export_p12 3des.p12 Clave123 "$one mac=HMAC-SHA-1" "${sign[@]}" "${legacy[@]}" -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES
export_p12 2des.p12 Clave123 "$one mac=HMAC-SHA-1" "${sign[@]}" "${legacy[@]}" -certpbe PBE-SHA1-2DES -keypbe PBE-SHA1-2DES
export_p12 aes256.p12 Clave123 "$one mac=HMAC-SHA-256" "${sign[@]}" -iter 2048
export_p12 aes192.p12 Clave123 "$one mac=HMAC-SHA-384" "${sign[@]}" -certpbe aes-192-cbc -keypbe aes-192-cbc -macalg sha384
export_p12 aes128.p12 Clave123 "$one mac=HMAC-SHA-512" "${sign[@]}" -certpbe aes-128-cbc -keypbe aes-128-cbc -macalg sha512
export_p12 mac-sha224.p12 Clave123 "$one mac=HMAC-SHA-224" "${sign[@]}" -macalg sha224
export_p12 pbes2-3des.p12 Clave123 "$one mac=HMAC-SHA-256" "${sign[@]}" -certpbe des-ede3-cbc -keypbe des-ede3-cbc
export_p12 pbes2-rc2.p12 Clave123 "$one mac=HMAC-SHA-256" "${sign[@]}" -provider legacy -provider default -certpbe rc2-cbc -keypbe rc2-cbc
export_p12 aes256-100k.p12 Clave123 "$one mac=HMAC-SHA-256" "${sign[@]}" -iter 100000
export_p12 no-mac.p12 Clave123 "$one mac=absent" "${sign[@]}" -nomac
export_p12 no-mac-legacy.p12 Clave123 "$one mac=absent" "${sign[@]}" -legacy -nomac
export_p12 mac-one-iteration.p12 Clave123 "$one mac=HMAC-SHA-1" "${sign[@]}" -legacy -nomaciter -noiter
export_p12 plain-certificates.p12 Clave123 "$one mac=HMAC-SHA-256" "${sign[@]}" -certpbe NONE
export_p12 nothing-encrypted.p12 Clave123 "$one mac=HMAC-SHA-256" "${sign[@]}" -certpbe NONE -keypbe NONE
export_p12 non-ascii-aes.p12 'contraseña-€-Ñandú' "$one mac=HMAC-SHA-256" "${sign[@]}"
export_p12 non-ascii-legacy.p12 'contraseña-€-Ñandú' "$one mac=HMAC-SHA-1" "${sign[@]}" -legacy
export_p12 surrogates.p12 'llave🔑segura' "$one mac=HMAC-SHA-1" "${sign[@]}" -legacy
export_p12 long-password.p12 "$(printf 'x%.0s' {1..500})" "$one mac=HMAC-SHA-1" "${sign[@]}" -legacy
export_p12 empty-aes.p12 '' "$one mac=HMAC-SHA-256" "${sign[@]}"
export_p12 empty-legacy.p12 '' "$one mac=HMAC-SHA-1" "${sign[@]}" -legacy
export_p12 chain.p12 Clave123 "keys=1 certs=3 choose=vigente" "${sign[@]}" -certfile work/chain.pem
export_p12 renewed.p12 Clave123 "keys=1 certs=3 choose=renovada" "${sign[@]}" -certfile <(cat work/expired.pem work/renewed.pem)
export_p12 expired.p12 Clave123 "keys=1 certs=1 choose=p12_certificate_out_of_date" -inkey work/sign.key -in work/expired.pem
export_p12 other-ruc.p12 Clave123 "keys=1 certs=1 choose=otro warn=certificate_other_ruc" -inkey work/sign.key -in work/other.pem
export_p12 encryption-only.p12 Clave123 "keys=1 certs=1 choose=Cifrado warn=certificate_not_for_signatures" -inkey work/encrypt.key -in work/encrypt.pem
export_p12 ec.p12 Clave123 "keys=1 certs=1 choose=p12_key_not_rsa" -inkey work/ec.key -in work/ec.pem
export_p12 authority.p12 Clave123 "keys=1 certs=1 choose=p12_only_authorities" -inkey work/root.key -in work/root.pem
export_p12 no-key.p12 Clave123 "keys=0 certs=1 choose=p12_without_key" -nokeys -in work/sign.pem
export_p12 no-certificate.p12 Clave123 "keys=1 certs=0 choose=p12_without_certificate" -nocerts -inkey work/sign.key
export_p12 too-many-iterations.p12 Clave123 p12_too_many_iterations "${sign[@]}" -iter 1000001

# --- BER and hand-made ------------------------------------------------------

python3 "$tool" ber rc2-40-3des.p12 ber-legacy.p12 Clave123
row ber-legacy.p12 Clave123 "$one mac=HMAC-SHA-1"
python3 "$tool" ber aes256.p12 ber-aes256.p12 Clave123
row ber-aes256.p12 Clave123 "$one mac=HMAC-SHA-256"
python3 "$tool" ber no-mac.p12 ber-no-mac.p12 Clave123
row ber-no-mac.p12 Clave123 "$one mac=absent"
python3 "$tool" ber nothing-encrypted.p12 ber-nothing-encrypted.p12 Clave123
row ber-nothing-encrypted.p12 Clave123 "$one mac=HMAC-SHA-256"

# hand_made FILE MAC NAME-OF-MAC OPTIONS…
hand_made() {
    local file=$1 mac=$2 name=$3
    shift 3
    python3 "$tool" build "$file" Clave123 "$mac" "$@"
    row "$file" Clave123 "$one mac=$name"
}
for prf in SHA1 SHA224 SHA256 SHA384 SHA512; do
    openssl pkcs8 -topk8 -in work/sign.key -outform DER -out work/shrouded.der \
        -v2 aes-256-cbc -v2prf "hmacWith$prf" -iter 3000 -passout pass:Clave123
    hand_made "prf-${prf,,}.p12" pkcs12:sha256:2048 HMAC-SHA-256 --shrouded work/shrouded.der --cert work/sign.cer
done
hand_made pbmac1-sha256.p12 pbmac1:sha256:2048 PBMAC1-HMAC-SHA-256 --key work/sign.pk8 --cert work/sign.cer
hand_made pbmac1-sha512.p12 pbmac1:sha512:2048 PBMAC1-HMAC-SHA-512 --shrouded work/shrouded.der --cert work/sign.cer
hand_made nested.p12 pkcs12:sha1:1024 HMAC-SHA-1 --nested --key work/sign.pk8 --cert work/sign.cer

# Key under another password than the file.
openssl pkcs8 -topk8 -in work/sign.key -outform DER -out work/shrouded.der -v2 aes-128-cbc -passout pass:Otra123
python3 "$tool" build other-password.p12 Clave123 pkcs12:sha256:2048 --shrouded work/shrouded.der --cert work/sign.cer
row other-password.p12 Clave123 p12_other_password_inside

# OpenSSL 1.0 made one UTF-16 unit of each octet of UTF-8: ñ became Ã±.
python3 "$tool" build openssl-1.0-non-ascii.p12 'contraseÃ±a' pkcs12:sha1:2048 --key work/sign.pk8 --cert work/sign.cer
row openssl-1.0-non-ascii.p12 'contraseña' "$one mac=HMAC-SHA-1"

# A console in Latin-1 gives other octets to PBES2 than to the MAC.
openssl pkcs8 -topk8 -in work/sign.key -outform DER -out work/shrouded.der -v2 aes-256-cbc -passout pass:$'contrase\xf1a'
python3 "$tool" build latin-1.p12 'contraseña' pkcs12:sha256:2048 --shrouded work/shrouded.der --cert work/sign.cer
row latin-1.p12 'contraseña' "$one mac=HMAC-SHA-256"

# --- keytool: several keys, old and new algorithms --------------------------

if command -v keytool > /dev/null; then
    export_p12 work/signing.p12 Clave123 - -inkey work/sign.key -in work/sign.pem -name "Signing Key"
    export_p12 work/decryption.p12 Clave123 - -inkey work/encrypt.key -in work/encrypt.pem -name "Decryption Key"
    sed -i '\|^work/|d' work/index.tsv
    # two_keys FILE OPTIONS…
    two_keys() {
        local file=$1 source
        shift
        for source in decryption signing; do
            keytool -importkeystore -noprompt "$@" -srckeystore "work/$source.p12" -srcstorepass Clave123 \
                -destkeystore "$file" -deststoretype PKCS12 -deststorepass Clave123 > work/keytool.log 2>&1
        done
    }
    two_keys keytool-modern.p12
    row keytool-modern.p12 Clave123 "keys=2 certs=2 choose=vigente mac=HMAC-SHA-256"
    two_keys keytool-legacy.p12 -J-Dkeystore.pkcs12.legacy
    row keytool-legacy.p12 Clave123 "keys=2 certs=2 choose=vigente mac=HMAC-SHA-1"
    python3 "$tool" ber keytool-legacy.p12 ber-two-keys.p12 Clave123
    row ber-two-keys.p12 Clave123 "keys=2 certs=2 choose=vigente mac=HMAC-SHA-1"
    keytool -genkeypair -keystore keytool-own.p12 -storetype PKCS12 -storepass Clave123 -alias firma -keyalg RSA \
        -keysize 2048 -dname "CN=Propia vigente, C=EC" -startdate "2026/01/01 00:00:00" -validity 3650 > work/keytool.log 2>&1
    row keytool-own.p12 Clave123 "keys=1 certs=1 choose=vigente warn=certificate_without_ruc"
fi

# --- NSS, as Firefox and Thunderbird export ---------------------------------

if command -v pk12util > /dev/null && command -v certutil > /dev/null; then
    mkdir work/nss
    printf '' > work/empty
    certutil -N -d sql:work/nss --empty-password
    pk12util -i aes256.p12 -d sql:work/nss -K '' -W Clave123 > work/nss.log
    pk12util -o nss.p12 -d sql:work/nss -n Firma -K '' -W Clave123 > work/nss.log
    row nss.p12 Clave123 "$one"
    pk12util -o nss-legacy.p12 -d sql:work/nss -n Firma -K '' -W 'contraseña' \
        -c 'PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC' -C 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC' > work/nss.log 2>&1 \
        && row nss-legacy.p12 'contraseña' "$one" || rm -f nss-legacy.p12
fi

mv work/index.tsv index.tsv
rm -rf work
printf '%s\n' "$stamp" > stamp
