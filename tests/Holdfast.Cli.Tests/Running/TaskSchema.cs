using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace Holdfast.Cli.Tests.Running;

/// <summary>
/// The part of Windows' Task Scheduler Schema (version 1.2; [MS-TSCH] 2.5 and the pages of the types it names) that is used here: which
/// elements there are and in which order. Only Windows itself can say that it takes a task.
/// </summary>
internal static class TaskSchema
{
    private const string Types = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"
            targetNamespace="http://schemas.microsoft.com/windows/2004/02/mit/task" elementFormDefault="qualified">
          <xs:element name="Task"><xs:complexType><xs:all>
            <xs:element name="RegistrationInfo" minOccurs="0"><xs:complexType><xs:all><xs:element name="Description" type="xs:string" minOccurs="0"/></xs:all></xs:complexType></xs:element>
            <xs:element name="Triggers" type="triggers" minOccurs="0"/>
            <xs:element name="Settings" type="settings" minOccurs="0"/>
            <xs:element name="Actions"><xs:complexType><xs:sequence><xs:element name="Exec" maxOccurs="32"><xs:complexType><xs:all>
              <xs:element name="Command" type="xs:string"/><xs:element name="Arguments" type="xs:string" minOccurs="0"/>
            </xs:all></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
          </xs:all><xs:attribute name="version" type="xs:string"/></xs:complexType></xs:element>
          <xs:complexType name="triggers"><xs:choice minOccurs="0" maxOccurs="48">
            <xs:element name="TimeTrigger"><xs:complexType><xs:complexContent><xs:extension base="trigger"><xs:sequence>
              <xs:element name="RandomDelay" type="xs:duration" minOccurs="0"/>
            </xs:sequence></xs:extension></xs:complexContent></xs:complexType></xs:element>
            <xs:element name="CalendarTrigger"><xs:complexType><xs:complexContent><xs:extension base="trigger"><xs:sequence>
              <xs:element name="RandomDelay" type="xs:duration" minOccurs="0"/>
              <xs:choice>
                <xs:element name="ScheduleByDay"><xs:complexType><xs:all><xs:element name="DaysInterval" type="xs:unsignedByte" minOccurs="0"/></xs:all></xs:complexType></xs:element>
                <xs:element name="ScheduleByWeek"><xs:complexType><xs:all>
                  <xs:element name="WeeksInterval" type="xs:unsignedByte" minOccurs="0"/><xs:element name="DaysOfWeek" type="days" minOccurs="0"/>
                </xs:all></xs:complexType></xs:element>
                <xs:element name="ScheduleByMonth"><xs:complexType><xs:all>
                  <xs:element name="DaysOfMonth" minOccurs="0"><xs:complexType><xs:sequence><xs:element name="Day" type="xs:unsignedByte" minOccurs="0" maxOccurs="32"/></xs:sequence></xs:complexType></xs:element>
                  <xs:element name="Months" minOccurs="0"><xs:complexType><xs:all>MONTHS</xs:all></xs:complexType></xs:element>
                </xs:all></xs:complexType></xs:element>
              </xs:choice>
            </xs:sequence></xs:extension></xs:complexContent></xs:complexType></xs:element>
          </xs:choice></xs:complexType>
          <xs:complexType name="trigger"><xs:sequence>
            <xs:element name="Enabled" type="xs:boolean" minOccurs="0"/>
            <xs:element name="StartBoundary" type="xs:dateTime" minOccurs="0"/>
            <xs:element name="EndBoundary" type="xs:dateTime" minOccurs="0"/>
            <xs:element name="Repetition" minOccurs="0"><xs:complexType><xs:all>
              <xs:element name="Interval" type="xs:duration"/><xs:element name="Duration" type="xs:duration" minOccurs="0"/><xs:element name="StopAtDurationEnd" type="xs:boolean" minOccurs="0"/>
            </xs:all></xs:complexType></xs:element>
            <xs:element name="ExecutionTimeLimit" type="xs:duration" minOccurs="0"/>
          </xs:sequence></xs:complexType>
          <xs:complexType name="days"><xs:all>DAYS</xs:all></xs:complexType>
          <xs:complexType name="settings"><xs:all>
            <xs:element name="MultipleInstancesPolicy" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
              <xs:enumeration value="Parallel"/><xs:enumeration value="Queue"/><xs:enumeration value="IgnoreNew"/><xs:enumeration value="StopExisting"/>
            </xs:restriction></xs:simpleType></xs:element>
            <xs:element name="DisallowStartIfOnBatteries" type="xs:boolean" minOccurs="0"/>
            <xs:element name="StopIfGoingOnBatteries" type="xs:boolean" minOccurs="0"/>
            <xs:element name="StartWhenAvailable" type="xs:boolean" minOccurs="0"/>
            <xs:element name="ExecutionTimeLimit" type="xs:duration" minOccurs="0"/>
          </xs:all></xs:complexType>
        </xs:schema>
        """;

    private static readonly XmlSchemaSet Set = Read();

    /// <summary>What is wrong with a task.</summary>
    public static IReadOnlyList<string> Problems(string task)
    {
        var problems = new List<string>();
        XDocument.Parse(task).Validate(Set, (_, e) => problems.Add(e.Message));
        return problems;
    }

    private static XmlSchemaSet Read()
    {
        var names = System.Globalization.CultureInfo.InvariantCulture.DateTimeFormat;
        var text = Types.Replace("DAYS", Named(names.DayNames), StringComparison.Ordinal).Replace("MONTHS", Named(names.MonthNames.Where(m => m.Length > 0)), StringComparison.Ordinal);
        var set = new XmlSchemaSet();
        set.Add(null, XmlReader.Create(new StringReader(text)));
        return set;

        static string Named(IEnumerable<string> all) => string.Concat(all.Select(n => $"<xs:element name=\"{n}\" minOccurs=\"0\"/>"));
    }
}
