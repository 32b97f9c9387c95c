using System.Globalization;
using System.Text;
using System.Xml;
using Holdfast.Core.Model;

namespace Holdfast.Server.Dav;

/// <summary>The answer to PROPFIND (RFC 4918, section 9.1): of every file what there is to say, whatever was asked for.</summary>
internal static class MultiStatus
{
    private const string Dav = "DAV:";

    public static byte[] Write(string share, IEnumerable<DavNode> nodes)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
        {
            xml.WriteStartElement("D", "multistatus", Dav);
            foreach (var node in nodes)
                Put(xml, share, node);
            xml.WriteEndElement();
        }
        return stream.ToArray();
    }

    private static void Put(XmlWriter xml, string share, DavNode node)
    {
        xml.WriteStartElement("response", Dav);
        xml.WriteElementString("href", Dav, Address(share, node));
        xml.WriteStartElement("propstat", Dav);
        xml.WriteStartElement("prop", Dav);
        xml.WriteStartElement("resourcetype", Dav);
        if (node.IsFolder)
            xml.WriteElementString("collection", Dav, "");
        xml.WriteEndElement();
        if (!node.IsFolder)
            xml.WriteElementString("getcontentlength", Dav, node.Size.ToString(CultureInfo.InvariantCulture));
        xml.WriteElementString("getlastmodified", Dav, node.Modified.ToDateTimeOffset().ToString("R", CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        xml.WriteElementString("status", Dav, "HTTP/1.1 200 OK");
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static string Address(string share, DavNode node)
    {
        var text = new StringBuilder(share).Append('/');
        foreach (var one in node.Path.IsRoot ? [] : node.Path.Bytes)
            if (char.IsAsciiLetterOrDigit((char)one) || "-_.~/"u8.Contains(one))
                text.Append((char)one);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
        return node.IsFolder && !node.Path.IsRoot ? text.Append('/').ToString() : text.ToString();
    }
}
