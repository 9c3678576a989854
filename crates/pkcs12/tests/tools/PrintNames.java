import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/** Reads DER names in hexadecimal, one a line; prints RFC 2253 text, its UTF-8 in hexadecimal. */
public class PrintNames {
    public static void main(String[] arguments) throws Exception {
        HexFormat hex = HexFormat.of();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String name;
            try {
                name = new X500Principal(hex.parseHex(line)).getName(X500Principal.RFC2253);
            } catch (RuntimeException refused) {
                System.out.println("refused");
                continue;
            }
            System.out.println(hex.formatHex(name.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
